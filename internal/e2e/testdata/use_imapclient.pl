# A session of Perl's Mail::IMAPClient over TLS.
use strict;
use warnings;
use IO::Socket::SSL;
use Mail::IMAPClient;

my $socket = IO::Socket::SSL->new(
    PeerAddr => 'localhost', PeerPort => $ENV{IMAPS_PORT},
    SSL_ca_file => $ENV{CERTIFICATE}, SSL_verifycn_name => 'localhost', SSL_verifycn_scheme => 'imap',
) or die "connect: $SSL_ERROR";
my $client = Mail::IMAPClient->new(
    Socket => $socket, User => $ENV{ACCOUNT}, Password => $ENV{PASSWORD}, Uid => 1, Peek => 1,
) or die "login: $@";
sub must { my ($what, $got) = @_; die "$what: " . ($client->LastError // 'no error') unless $got; return $got }

must 'capability', $client->has_capability('UIDPLUS');
must 'select', $client->select('INBOX');
my $uids = must 'messages', scalar $client->messages;
die "messages: @$uids" unless @$uids == 3;
must 'string', $client->message_string($uids->[0]) =~ /Subject: first\r?\n/;
my $hash = must 'fetch_hash', scalar $client->fetch_hash('FLAGS', 'RFC822.SIZE', 'INTERNALDATE');
die 'size' unless $hash->{$uids->[0]}{'RFC822.SIZE'} == length $client->message_string($uids->[0]);
my $structure = must 'structure', $client->get_bodystructure($uids->[1]);
die 'type' unless lc $structure->bodytype eq 'text';
my $envelope = must 'envelope', $client->get_envelope($uids->[1]);
die 'subject' unless $envelope->subject eq 'second';
must 'create', $client->create('Perl');
must 'append', $client->append('Perl', "Subject: appended\r\n\r\nbody\r\n");
must 'move', $client->move('Perl', $uids->[1]);
must 'flag', $client->store($uids->[0], '+FLAGS.SILENT', '(\Deleted)');
must 'expunge', defined $client->expunge;
die 'count' unless $client->message_count('INBOX') == 1;
die 'count of Perl' unless $client->message_count('Perl') == 2;
must 'idle', my $tag = $client->idle;
must 'done', $client->done($tag);
must 'logout', $client->logout;
print "ok\n";
