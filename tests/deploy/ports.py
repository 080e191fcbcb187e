"""Free ports of this machine."""

import socket


def free_ports(count: int) -> tuple[int, ...]:
    """Different ports of 127.0.0.1 that nothing listened on a moment ago."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = tuple(int(server.getsockname()[1]) for server in held)
    for server in held:
        server.close()
    return ports
