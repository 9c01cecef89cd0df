# SPDX-License-Identifier: Apache-2.0
"""What bench/live measures in: namespaces, the agent as a process, and what the kernel says of it."""
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
BENCH = os.path.join(ROOT, "bench")
EGRET = os.path.join(ROOT, "bin", "egret")
NET = f"egretbench{os.getpid()}"
NAT_SPACES = ("h", "n", "s")
NAT_OUTSIDE = "203.0.113.5"
SERVER = "203.0.113.80"
TICK = os.sysconf("SC_CLK_TCK")


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def space(name):
    ip("netns", "add", NET + name)
    subprocess.run(inside(name, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1"), check=True)


def cable(one, end, other, other_end):
    ip("link", "add", end, "netns", NET + one, "type", "veth", "peer", "name", other_end, "netns", NET + other)
    ip("-n", NET + one, "link", "set", end, "up")
    ip("-n", NET + other, "link", "set", other_end, "up")


def net_open():
    """left0 and right0: what goes into one comes out of the other. Both in one namespace: nobody there answers."""
    space("")
    cable("", "left0", "", "right0")


def nat_open():
    """Hosts 10.20.0.1 and .2 (h), a NAT with an inside and an outside interface (n), a server beyond it (s)."""
    for name in NAT_SPACES:
        space(name)
    cable("h", "host0", "n", "in0")
    cable("n", "out0", "s", "server0")
    for name, link, address in (("h", "host0", "10.20.0.1/16"), ("h", "host0", "10.20.0.2/16"), ("n", "in0", "10.20.255.254/16"),
                                ("n", "out0", NAT_OUTSIDE + "/24"), ("s", "server0", SERVER + "/24")):
        ip("-n", NET + name, "address", "add", address, "dev", link)
    ip("-n", NET + "h", "route", "add", "default", "via", "10.20.255.254")
    subprocess.run(inside("n", "sysctl", "-qw", "net.ipv4.ip_forward=1"), check=True)
    subprocess.run(inside("n", "iptables", "-t", "nat", "-A", "POSTROUTING", "-o", "out0", "-j", "MASQUERADE",
                          "--random-fully"), check=True)


def net_close():
    for name in ["", *NAT_SPACES]:
        subprocess.run(["ip", "netns", "del", NET + name], stderr=subprocess.DEVNULL, check=False)


def inside(name, *command):
    return ["nsenter", f"--net=/run/netns/{NET}{name}", *command]


def wait_for(path, process, seconds=30):
    deadline = time.time() + seconds
    while not os.path.exists(path):
        if process.poll() is not None or time.time() > deadline:
            sys.exit("bench/live: the agent does not start")
        time.sleep(0.05)


def threads(pid):
    found = {}
    for path in glob.glob(f"/proc/{pid}/task/*/stat"):
        try:
            with open(path) as text:
                line = text.read()
        except OSError:
            continue
        fields = line[line.rindex(")") + 2:].split()
        name = line[line.index("(") + 1:line.rindex(")")]
        found[name] = found.get(name, 0) + int(fields[11]) + int(fields[12])
    return found


def memory(pid):
    with open(f"/proc/{pid}/status") as text:
        for line in text:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0


class Agent:
    """The whole agent, once it captures; {@code end} has its answer."""

    def __init__(self, name, *options):
        self.folder = tempfile.mkdtemp(prefix="egret-live-")
        ready = os.path.join(self.folder, "ready")
        with open(self.file("answer"), "w") as out, open(self.file("errors"), "w") as errors:
            self.process = subprocess.Popen(inside(name, EGRET, "watch", "--json", "--ready-file", ready, *options),
                                            stdout=out, stderr=errors)
        wait_for(ready, self.process)

    def file(self, name):
        return os.path.join(self.folder, name)

    def measure(self, seconds):
        """Its threads' share of a core in the second half of the time, and its memory through all of it."""
        begin, half, sizes = time.time(), None, []
        while time.time() - begin < seconds:
            time.sleep(0.5)
            sizes.append(memory(self.process.pid))
            if half is None and time.time() - begin >= seconds / 2:
                half, half_at = threads(self.process.pid), time.time()
        after, lasted = threads(self.process.pid), time.time() - half_at
        shares = {name: (ticks - half.get(name, 0)) / TICK / lasted for name, ticks in after.items()}
        return {"cpu": sum(shares.values()), "sizes": sizes, "threads": ", ".join(
            f"{name} {100 * share:.1f}" for name, share in sorted(shares.items(), key=lambda entry: -entry[1])[:5]
            if share > 0.0005)}

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        with open(self.file("answer")) as text:
            answer = json.load(text)
        shutil.rmtree(self.folder)
        return answer


def captures(sockets):
    try:
        with open(sockets) as text:
            return len(text.readlines()) > 1
    except OSError:
        return False  # it is no more


def priority(session, own):
    """The kernel shares processors out between sessions first (sched_autogroup), then between their processes."""
    try:
        with open("/proc/self/autogroup", "w") as group:
            group.write(str(session))
    except OSError:
        pass  # the kernel makes no such difference
    os.setpriority(os.PRIO_PROCESS, 0, own)
