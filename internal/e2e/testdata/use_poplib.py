"""A session of Python's poplib: over TLS and over STLS, with a deletion that
only QUIT makes true."""
import os
import poplib
import ssl

context = ssl.create_default_context(cafile=os.environ["CERTIFICATE"])


def connect():
    client = poplib.POP3_SSL("localhost", int(os.environ["POP3S_PORT"]), context=context)
    client.user(os.environ["ACCOUNT"])
    client.pass_(os.environ["PASSWORD"])
    return client


client = connect()
capabilities = client.capa()
assert {"TOP", "UIDL", "PIPELINING", "RESP-CODES", "SASL"} <= set(capabilities), capabilities
count, size = client.stat()
assert count == 3, count
assert sum(int(line.split()[1]) for line in client.list()[1]) == size
_, lines, octets = client.retr(3)
assert lines[-2:] == [b".", b"..dots"], lines[-3:]
assert sum(len(line) + 2 for line in lines) == int(client.list(3).split()[2]), lines
uids = [line.split()[1] for line in client.uidl()[1]]
assert len(set(uids)) == 3
header = client.top(1, 0)[1]
assert b"Subject: first" in header and b"one" not in header
client.dele(2)
client.rset()
client.dele(1)
client.close()  # without QUIT nothing is deleted

client = connect()
assert client.stat()[0] == 3
client.dele(1)
client.quit()

client = poplib.POP3("localhost", int(os.environ["POP3_PORT"]))
client.stls(context)
client.user(os.environ["ACCOUNT"])
client.pass_(os.environ["PASSWORD"])
assert [line.split()[1] for line in client.uidl()[1]] == uids[1:], "UIDL is not stable"
client.quit()
print("ok")
