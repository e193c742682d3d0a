"""Requests against the test's server on loopback. Arguments: port, working directory, nginx command."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from urllib.parse import quote, urlencode

PORT, WORK, NGINX = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
ATTACK = "x' union select login, secret from accounts -- "
BENIGN = "O'Brien and Sons"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json; charset=utf-8"}
MULTIPART = {"Content-Type": 'multipart/form-data; boundary="edge"'}


def request(path, body=None, headers=None, connection=None):
    own = connection or http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    own.request("POST" if body is not None else "GET", path, body, headers or {})
    response = own.getresponse()
    text = response.read().decode()
    if connection is None:
        own.close()
    return response.status, text


def expect(what, status, *arguments):
    got, _ = request(*arguments)
    assert got == status, f"{what}: {got}, not {status}"
    print(f"ok {what}")


def part(name, value, file=None):
    suffix = f'; filename="{file}"' if file else ""
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"{suffix}\r\n\r\n{value}\r\n'


def chunks(text, size=1000):
    data = text.encode()
    for at in range(0, len(data), size):
        yield data[at : at + size]


def argument(value, path="/"):
    return f"{path}?query={quote(value)}"


def values():
    expect("an ordinary argument passes", 200, argument(BENIGN))
    expect("an attack in an argument is blocked", 403, argument(ATTACK))
    expect("an attack in a name is blocked", 403, "/?" + quote(ATTACK))
    expect("an attack in a chosen header is blocked", 403, "/", None, {"User-Agent": ATTACK})
    expect("another header is not looked at", 200, "/", None, {"X-Note": ATTACK})
    expect("an ordinary header passes", 200, "/", None, {"Referer": "http://localhost/?q=a+b"})

    expect("an ordinary form passes", 200, "/", urlencode({"a": BENIGN}), FORM)
    expect("an attack in a form is blocked", 403, "/", urlencode({"a": "1", "b": ATTACK}), FORM)
    comma = {"Content-Type": FORM["Content-Type"] + ",x"}
    expect("an attack in a form with a comma behind its type is blocked", 403, "/", urlencode({"a": ATTACK}), comma)
    expect("ordinary JSON passes", 200, "/", json.dumps({"a": [BENIGN, 1, None]}), JSON)
    expect("an attack in JSON is blocked", 403, "/", json.dumps({"a": [{"b": ATTACK}]}), JSON)
    escaped = '{"a": "' + "".join(f"\\u{ord(c):04x}" for c in ATTACK) + '"}'
    expect("an escaped attack in JSON is blocked", 403, "/", escaped, JSON)
    expect("ordinary multipart passes", 200, "/", part("a", BENIGN) + part("f", ATTACK, "a.txt") + "--edge--", MULTIPART)
    expect("an attack in multipart is blocked", 403, "/", part("a", ATTACK) + "--edge--", MULTIPART)
    expect("an attack in a file's name is blocked", 403, "/", part("f", "", "x; tail -n 9 app.sh | sh") + "--edge--", MULTIPART)
    expect("multipart without a boundary is blocked", 403, "/", part("a", BENIGN), {"Content-Type": "multipart/form-data"})
    expect("a body of another type is not looked at", 200, "/", ATTACK, {"Content-Type": "text/plain"})
    expect("an attack in chunks is blocked", 403, "/", chunks(urlencode({"a": ATTACK}), 7), FORM)


def directives():
    expect("log only: an attack passes", 200, argument(ATTACK, "/log"))
    expect("log only: an attack in a body passes", 200, "/log", urlencode({"a": ATTACK}), FORM)
    expect("off: an attack passes", 200, argument(ATTACK, "/off"))
    expect("an exempt argument passes", 200, argument(ATTACK, "/exempt"))
    expect("another argument there is blocked", 403, "/exempt?other=" + quote(ATTACK))
    expect("a language that is not asked for passes", 200, argument(ATTACK, "/shell"))
    expect("a program that no system has passes", 200, argument("192.0.2.1; deployctl --all"))
    expect("a program of the server's own is blocked", 403, argument("192.0.2.1; deployctl --all", "/programs"))
    expect("the language that is asked for is blocked", 403, argument("192.0.2.1; tail -n 9 app.log", "/shell"))
    expect("a context that is not asked for passes", 200, argument("7 or 3=3", "/quoted"))
    expect("an argument is blocked before an internal redirect", 403, argument(ATTACK, "/front"))
    expect("an ordinary body passes behind an internal redirect", 200, "/front", urlencode({"a": BENIGN}), FORM)
    expect("an attack in a body is blocked behind an internal redirect", 403, "/front", urlencode({"a": ATTACK}), FORM)
    expect("a body within the limit passes", 200, "/limited", urlencode({"a": "x" * 900}), FORM)
    expect("a body beyond the limit is blocked", 403, "/limited", urlencode({"a": "x" * 1100}), FORM)
    status, text = request(argument(ATTACK, "/page"))
    assert (status, text) == (403, "blocked\n"), (status, text)
    print("ok an error page is sent")
    time.sleep(0.2)
    with open(f"{WORK}/access.log") as log:
        lines = log.read().splitlines()
    finding = '403 "argument query: sql-single-quoted read,truncate" '
    assert any(line.startswith(finding + "/?query=") for line in lines), lines
    assert any(line.startswith(finding + "/page?query=") for line in lines), lines
    assert any(line.startswith('200 "body a: sql-single-quoted read,truncate" /log') for line in lines), lines
    assert any(line.startswith('200 "-" /?query=') for line in lines), lines
    print("ok the access log has the findings")


def megabyte():
    words = "The parcel goes to the neighbours. " * (1 << 20)
    long = words[: 1 << 20]
    for path in "/", "/unbuffered":
        status, text = request(path, urlencode({"text": long}), FORM)
        assert status == 200 and "received 1" in text, (status, text)
        for name, body, headers in (
            ("form", chunks(urlencode({"text": long + ATTACK})), FORM),
            ("JSON", json.dumps({"text": long + ATTACK}), JSON),
            ("multipart", part("text", long + ATTACK) + "--edge--", MULTIPART),
        ):
            status, _ = request(path, body, headers)
            assert status == 403, (path, name, status)
        print(f"ok 1 MB is streamed: {path}")


def worker():
    master = open(f"{WORK}/nginx.pid").read().strip()
    with open(f"/proc/{master}/task/{master}/children") as children:
        return children.read().split()[0]


def resident():
    with open(f"/proc/{worker()}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def memory(count=20_000):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    long = urlencode({"text": "The parcel goes to the neighbours. " * 300})
    kinds = (
        (200, (argument(BENIGN),)),
        (403, (argument(ATTACK),)),
        (200, ("/", json.dumps({"a": [BENIGN] * 20}), JSON)),
        (200, ("/", long, FORM)),
        (200, ("/log", part("a", ATTACK) + "--edge--", MULTIPART)),
    )
    before = 0
    for i in range(count):
        status, arguments = kinds[i % len(kinds)]
        got, _ = request(*arguments, *[None] * (3 - len(arguments)), connection)
        assert got == status, (arguments, got)
        if i == count // 10:
            before = resident()
    grown = resident() - before
    assert grown < 1024, f"the worker grew by {grown} KiB"
    print(f"ok {count} requests: the worker's memory is flat ({before} KiB, {grown:+} KiB)")


def reload():
    stop, wrong, served = threading.Event(), [], [0] * 4

    def load(index):
        while not stop.is_set():
            try:
                for status, path in (200, argument(BENIGN)), (403, argument(ATTACK)):
                    got, _ = request(path)
                    if got != status:
                        wrong.append((path, got))
                    served[index] += 1
            except OSError as error:
                wrong.append(error)

    threads = [threading.Thread(target=load, args=(i,)) for i in range(len(served))]
    for thread in threads:
        thread.start()
    for _ in range(5):
        time.sleep(0.4)
        subprocess.run([*NGINX, "-s", "reload"], check=True, stderr=subprocess.DEVNULL)
    time.sleep(0.6)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:3]
    print(f"ok 5 reloads under load: {sum(served)} requests, no error")


values()
directives()
megabyte()
memory()
reload()
