#!/usr/bin/env python3
"""A northbound database of 100,000 ports: what reading it takes, side by side with `ovsdb-tool compact`.

large.py [PORTS [RUNS]]: makes the database with a private ovsdb-server, then runs both programs in turn on the
same file and prints wall time (minimum, median, maximum) and peak memory of each. Needs the release build and Open
vSwitch's and OVN's programs."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid

SCHEMA = "/usr/share/ovn/ovn-nb.ovsschema"
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "target", "release", "ovnlint")
PER_SWITCH, PER_TRANSACTION = 50, 10


def name():
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def entries(pairs):
    return ["map", [[key, value] for key, value in pairs.items()]]


def switch(first, count):
    """The operations that make one network with its ports, as Neutron writes them."""
    network, ports, operations = name(), [], []
    for number in range(first, first + count):
        mac = "fa:16:3e:%02x:%02x:%02x" % (number >> 16 & 255, number >> 8 & 255, number & 255)
        address = "10.%d.%d.%d" % (number >> 16 & 255, number >> 8 & 255, number & 255)
        row = {
            "name": name(), "addresses": f"{mac} {address}", "port_security": f"{mac} {address}", "enabled": True,
            "options": entries({"requested-chassis": "compute%d" % (number % 200), "mcast_flood_reports": "true"}),
            "external_ids": entries({
                "neutron:cidrs": address + "/24", "neutron:device_id": name(), "neutron:device_owner": "compute:nova",
                "neutron:network_name": "neutron-" + network, "neutron:port_capabilities": "", "neutron:port_name": "",
                "neutron:project_id": name().replace("-", ""), "neutron:revision_number": "4",
                "neutron:security_group_ids": name(),
            }),
        }
        operations.append({"op": "insert", "table": "Logical_Switch_Port", "uuid-name": "p%d" % number, "row": row})
        ports.append(["named-uuid", "p%d" % number])
    row = {
        "name": "neutron-" + network, "ports": ["set", ports],
        "other_config": entries({"mcast_snoop": "false", "vlan-passthru": "false"}),
        "external_ids": entries({"neutron:mtu": "1442", "neutron:revision_number": "2"}),
    }
    return operations + [{"op": "insert", "table": "Logical_Switch", "row": row}]


def transact(connection, operations):
    message = {"method": "transact", "params": ["OVN_Northbound"] + operations, "id": 1}
    connection.sendall(json.dumps(message).encode())
    answer, decoder = "", json.JSONDecoder()
    while True:
        answer += connection.recv(1 << 20).decode()
        try:
            reply, end = decoder.raw_decode(answer)
        except ValueError:
            continue
        if reply.get("method") == "echo":
            connection.sendall(json.dumps({"id": reply["id"], "result": reply["params"], "error": None}).encode())
            answer = answer[end:].lstrip()
            continue
        errors = [result for result in reply["result"] if result and result.get("error")]
        assert not errors, errors
        return


def make(path, ports, directory):
    random.seed(7)
    subprocess.check_call(["ovsdb-tool", "create", path, SCHEMA])
    server = ["ovsdb-server", "-vconsole:off", "-vsyslog:off", "--detach", "--no-chdir", f"--pidfile={directory}/pid",
              f"--unixctl={directory}/ctl", f"--log-file={directory}/log", f"--remote=punix:{directory}/s", path]
    subprocess.check_call(server, env=dict(os.environ, OVS_RUNDIR=directory))
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(directory + "/s")
            step = PER_SWITCH * PER_TRANSACTION
            for start in range(0, ports, step):
                firsts = range(start, min(start + step, ports), PER_SWITCH)
                transact(connection, [one for first in firsts for one in switch(first, min(PER_SWITCH, ports - first))])
    finally:
        subprocess.check_call(["ovs-appctl", "-t", directory + "/ctl", "exit"])
        while os.path.exists(directory + "/pid"):
            time.sleep(0.05)


def run(command):
    """Wall time in seconds and peak memory in bytes of one run."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode in (0, 1, 3), (command, child.returncode)
    return time.monotonic() - start, usage.ru_maxrss * 1024


def main():
    ports = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory(prefix="ovnlint") as directory:
        site = os.path.join(directory, "site")
        os.mkdir(site)
        path = os.path.join(site, "ovnnb_db.db")
        make(path, ports, directory)
        size = os.path.getsize(path)
        print(f"{ports} ports, {size / 1e6:.1f} MB")
        figures = {"ovnlint check": [], "ovsdb-tool compact": []}
        for _ in range(runs):
            figures["ovnlint check"].append(run([PROGRAM, "check", site]))
            copy = os.path.join(directory, "copy.db")
            shutil.copy(path, copy)
            figures["ovsdb-tool compact"].append(run(["ovsdb-tool", "compact", copy]))
        for program, measured in figures.items():
            times = sorted(seconds for seconds, _ in measured)
            memory = max(peak for _, peak in measured)
            print(f"{program:20} {times[0]:6.2f} {times[len(times) // 2]:6.2f} {times[-1]:6.2f} s   "
                  f"{memory / 1e6:6.0f} MB, {memory / size:.2f} times the file")


if __name__ == "__main__":
    main()
