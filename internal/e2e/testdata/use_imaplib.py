"""A session of Python's imaplib: the certificate checked, mail read, flagged,
copied, appended, searched and deleted, and IDLE's neighbours left alone."""
import imaplib
import os
import re
import ssl
import time

context = ssl.create_default_context(cafile=os.environ["CERTIFICATE"])
client = imaplib.IMAP4_SSL("localhost", int(os.environ["IMAPS_PORT"]), ssl_context=context)
assert "IMAP4REV1" in client.capabilities, client.capabilities
client.authenticate("PLAIN", lambda _: ("\0%s\0%s" % (os.environ["ACCOUNT"], os.environ["PASSWORD"])).encode())


def ok(answer):
    kind, data = answer
    assert kind == "OK", answer
    return data


names = [re.search(rb'"/" "?([^"]*)"?$', line).group(1) for line in ok(client.list())]
assert {b"INBOX", b"Drafts", b"Sent", b"Junk", b"Trash", b"Archive"} <= set(names), names
assert ok(client.select("INBOX")) == [b"3"]
assert ok(client.search(None, "SUBJECT", '"second"')) == [b"2"]
data = ok(client.fetch("2", "(UID FLAGS RFC822.SIZE BODY.PEEK[])"))
assert data[0][1].endswith(b"\r\n\r\ntwo\r\n"), data
assert b"RFC822.SIZE %d" % len(data[0][1]) in data[0][0], data[0][0]
assert b"\\Seen" not in data[0][0]
ok(client.fetch("2", "(BODY[TEXT])"))
assert b"\\Seen" in ok(client.fetch("2", "(FLAGS)"))[0]
assert b"\\Flagged" in ok(client.store("1", "+FLAGS", r"(\Flagged Work)"))[0]
assert ok(client.search(None, "KEYWORD", "Work")) == [b"1"]

name = '"Entw&APw-rfe"'  # Entwürfe, in modified UTF-7
ok(client.create(name))
ok(client.subscribe(name))
ok(client.copy("1:2", name))
assert b"COPYUID" in client.response("COPYUID")[0].encode()
ok(client.append(name, r"(\Draft)", imaplib.Time2Internaldate(time.time()), b"Subject: draft\r\n\r\n\xc3\xbc\r\n"))
assert ok(client.status(name, "(MESSAGES UNSEEN)"))[0].endswith(b"(MESSAGES 3 UNSEEN 2)")
ok(client.rename(name, '"Work/&T2BZfQ-"'))
assert any(b"Work/&T2BZfQ-" in line for line in ok(client.lsub())) is False  # the subscription keeps its name
ok(client.store("3", "+FLAGS", r"(\Deleted)"))
assert ok(client.expunge()) == [b"3"]
ok(client.close())
ok(client.delete('"Work/&T2BZfQ-"'))
assert client.select('"Work/&T2BZfQ-"')[0] == "NO"
client.logout()
print("ok")
