import asyncio

import aiohttp
import pytest
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from labs import run, serve_http
from labs.errors import Escape, WorldError
from labs.journal import Ended, Fault, Opened, Refused, Sent


async def echo(ws):
    async for message in ws:
        await ws.send(message)


async def shout(reader, writer):
    """A line server over plain streams."""
    while line := await reader.readline():
        writer.write(line.upper())
    writer.close()


def only(outcome, kind):
    return [event for event in outcome.journal.events if isinstance(event, kind)]


def test_websockets_unmodified():
    """A websockets server and client, neither of them changed, talk by the machine's name."""

    async def main(world):
        async with serve(echo, "auction", 8765), connect("ws://auction:8765") as ws:
            await ws.send("bid 100")
            return await ws.recv()

    assert run(main).result == "bid 100"


def test_aiohttp_unmodified():
    """An aiohttp server and client talk by the machine's name, in requests and in sockets."""

    async def hook(request):
        return web.Response(text=f"{await request.text()} from {request.host}")

    async def socket(request):
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        async for message in ws:
            await ws.send_str(message.data[::-1])
        return ws

    async def main(world):
        app = web.Application()
        app.router.add_post("/hook", hook)
        app.router.add_get("/socket", socket)
        async with serve_http(app, "bank", 80), aiohttp.ClientSession() as session:
            async with session.post("http://bank/hook", data="paid") as response:
                text = await response.text()
            async with session.ws_connect("http://bank/socket") as ws:
                await ws.send_str("abc")
                return text, await ws.receive_str()

    assert run(main).result == ("paid from bank", "cba")


def test_streams():
    """asyncio's own streams work: open_connection, start_server, a half-close, the end."""

    async def main(world):
        server = await asyncio.start_server(shout, "auction", 7)
        reader, writer = await asyncio.open_connection("auction", 7)
        writer.write(b"one\ntwo\n")
        writer.write_eof()
        said = await reader.read()
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return said

    assert run(main).result == b"ONE\nTWO\n"


def test_several_servers_and_clients():
    """Machines with several servers each, and clients on several machines, do not mix up."""

    async def greet(ws):
        await ws.send(f"{ws.local_address[1]} greets {ws.remote_address[0]}")

    async def main(world):
        said = []
        async with serve(greet, "auction", 1), serve(greet, "auction", 2), serve(greet, "bank", 1):
            for client in ("bidder", "gateway"):
                with world.host(client):
                    for server, port in (("auction", 1), ("auction", 2), ("bank", 1)):
                        async with connect(f"ws://{server}:{port}") as ws:
                            said.append((client, server, await ws.recv()))
        return said

    outcome = run(main)
    lanes = {(event.client, event.server) for event in only(outcome, Opened)}
    assert lanes == {(c, s) for c in ("bidder", "gateway") for s in ("auction", "bank")}
    assert [says for *_, says in outcome.result][:3] == [
        "1 greets 10.0.0.4",
        "2 greets 10.0.0.4",
        "1 greets 10.0.0.4",
    ]


def test_handlers_run_on_the_servers_machine():
    """What a handler connects to is seen to come from the machine that its server is on."""

    async def relay(ws):
        async with connect("ws://bank:80") as onward:
            await onward.send("from the relay")
            await ws.send(await onward.recv())

    async def main(world):
        async with serve(echo, "bank", 80), serve(relay, "gateway", 80):
            async with connect("ws://gateway:80") as ws:
                return await ws.recv()

    outcome = run(main, at="bidder")
    assert outcome.result == "from the relay"
    assert [(e.client, e.server) for e in only(outcome, Opened)] == [
        ("bidder", "gateway"),
        ("gateway", "bank"),
    ]


def test_port_zero_and_localhost():
    """Port 0 is given a free port that getsockname() tells; localhost is where the caller runs."""

    async def main(world):
        async with serve(echo, "localhost", 8000), serve(echo, "", 0) as server:
            host, port = server.sockets[0].getsockname()
            async with connect(f"ws://localhost:{port}") as ws, connect(f"ws://{host}:{port}"):
                await ws.send("hi")
                return port, await ws.recv()

    assert run(main).result == (8001, "hi")


def test_taken_port():
    """A port that has a listener cannot be bound again until that one is closed."""

    async def main(world):
        async with serve(echo, "auction", 80):
            with pytest.raises(OSError, match="port 80 of auction is taken"):
                await serve(echo, "auction", 80)
        async with serve(echo, "auction", 80):
            return "free again"

    assert run(main).result == "free again"


def test_latency():
    """Each byte takes the link's latency, so an answer takes twice that."""

    async def main(world):
        world.link("client", "auction").latency = 0.4
        async with serve(echo, "auction", 80), connect("ws://auction:80") as ws:
            opened = world.now
            await ws.send("x")
            await ws.recv()
            return opened, world.now - opened

    opened, round_trip = run(main).result
    assert opened == pytest.approx(1.6)  # a round trip for TCP, one for the upgrade
    assert round_trip == pytest.approx(0.8)


def test_latency_changes_in_mid_run():
    """A latency that shrinks does not let later bytes overtake earlier ones."""

    async def main(world):
        link = world.link("client", "auction")
        link.latency = 1.0
        got = []

        async def keep(reader, writer):
            while piece := await reader.read(100):
                got.append((round(world.now, 3), piece))

        async with await asyncio.start_server(keep, "auction", 7):
            _, writer = await asyncio.open_connection("auction", 7)
            writer.write(b"slow")
            await asyncio.sleep(0.1)
            link.latency = 0.001
            writer.write(b"fast")
            await asyncio.sleep(5)
        return got

    assert b"".join(piece for _, piece in run(main).result) == b"slowfast"


def test_bandwidth():
    """500 kB over 100 kB/s and 100 ms arrive whole after 5.1 seconds, and drain() waits for it."""

    async def main(world):
        link = world.link("client", "bank")
        link.latency, link.bandwidth = 0.1, 100_000
        done = asyncio.get_running_loop().create_future()

        async def sink(reader, writer):
            await reader.readexactly(500_000)
            done.set_result(world.now)

        async with await asyncio.start_server(sink, "bank", 7):
            _, writer = await asyncio.open_connection("bank", 7)
            begun = world.now
            writer.write(bytes(500_000))
            await writer.drain()
            drained = world.now - begun
            return drained, await done - begun

    drained, arrived = run(main).result
    assert 5.1 <= arrived <= 5.2
    assert 3.0 < drained < arrived


def test_jitter_is_drawn_from_the_seed():
    """Jitter delays each segment anew, the same way for the same seed, never out of order."""

    async def main(world):
        world.link("client", "auction").jitter = 0.5
        async with serve(echo, "auction", 80), connect("ws://auction:80") as ws:
            said = []
            for n in range(20):
                await ws.send(str(n))
                await asyncio.sleep(0.01)
            for _ in range(20):
                said.append((await ws.recv(), world.now))
            return said

    once, again, other = run(main, seed=1), run(main, seed=1), run(main, seed=2)
    assert once.journal == again.journal
    assert [n for n, _ in once.result] == [str(n) for n in range(20)]
    assert once.result != other.result


def test_split_segments():
    """segment_size splits writes; each piece is its own arrival, and together they are whole."""

    async def main(world):
        world.link("client", "auction").segment_size = 3
        async with serve(echo, "auction", 80), connect("ws://auction:80") as ws:
            await ws.send("split me")
            return await ws.recv()

    outcome = run(main)
    assert outcome.result == "split me"
    assert {len(sent.data) for sent in only(outcome, Sent)} == {1, 2, 3}


@pytest.mark.parametrize("one_way", [False, True])
def test_cut_holds_bytes_back(one_way):
    """Bytes sent into a cut are not lost: they arrive after it heals, in order."""

    async def main(world):
        got = []

        async def keep(ws):
            async for message in ws:
                got.append((message, round(world.now, 3)))

        async with serve(keep, "auction", 80, ping_interval=None):
            async with connect("ws://auction:80", ping_interval=None) as ws:
                await asyncio.sleep(1 - world.now)
                await ws.send("before")
                await asyncio.sleep(0.01)  # still under way when the cable is pulled
                world.cut("client", "auction", one_way=one_way)
                await ws.send("during")
                await asyncio.sleep(9)
                world.heal("client", "auction")
                await ws.send("after")
        return got

    outcome = run(main)
    assert outcome.result == [("before", 10.035), ("during", 10.035), ("after", 10.035)]
    (cut,) = only(outcome, Fault)
    assert (cut.name, cut.time, cut.until) == ("cut", 1.01, 10.01)
    assert not [sent for sent in only(outcome, Sent) if sent.lost]


def test_bytes_under_way_do_not_overtake_held_ones():
    """What left during a cut and would arrive after the heal still comes after what was held."""

    async def main(world):
        world.link("client", "auction").latency = 1.0
        got = []

        async def keep(reader, writer):
            while piece := await reader.read(100):
                got.append(piece)

        async with await asyncio.start_server(keep, "auction", 7):
            _, writer = await asyncio.open_connection("auction", 7)
            writer.write(b"1")
            await asyncio.sleep(0.5)
            world.cut("client", "auction")
            await asyncio.sleep(0.1)
            writer.write(b"2")
            await asyncio.sleep(0.9)
            world.heal("client", "auction")  # "1" waits here, "2" is still on its way
            await asyncio.sleep(5)
        return b"".join(got)

    assert run(main).result == b"12"


def test_one_way_cut_fills_the_senders_window():
    """Where acknowledgements cannot come back, a sender stops after its window and buffer."""

    async def main(world):
        got = []

        async def sink(reader, writer):
            while piece := await reader.read(65_536):
                got.append(len(piece))

        async with await asyncio.start_server(sink, "bank", 7):
            _, writer = await asyncio.open_connection("bank", 7)
            world.cut("bank", "client", one_way=True)
            sent = 0
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(60):
                    while True:
                        writer.write(bytes(16_384))
                        sent += 16_384
                        await writer.drain()
            stuck = sum(got)
            world.heal("client", "bank")
            await asyncio.sleep(1)
            return sent, stuck, sum(got)

    sent, stuck, at_last = run(main).result
    assert stuck == 131_072
    assert sent == stuck + 65_536 + 16_384  # window, buffer's high mark, the write that passed it
    assert at_last == sent


def test_reset():
    """A reset ends the connection for both programs, and what was under way is lost."""

    async def main(world):
        seen = {}

        async def handler(ws):
            try:
                await ws.recv()
            except ConnectionClosed as closed:
                seen["server"] = type(closed.__cause__).__name__

        async with serve(handler, "auction", 80):
            ws = await connect("ws://auction:80")
            await asyncio.sleep(0.1)
            await ws.send("under way")
            world.reset("client", "auction")
            with pytest.raises(ConnectionClosed) as closed:
                await ws.recv()
            await asyncio.sleep(1)
            return {**seen, "client": type(closed.value.__cause__).__name__}

    outcome = run(main)
    assert outcome.result == {"server": "ConnectionResetError", "client": "ConnectionResetError"}
    assert [sent.lost for sent in only(outcome, Sent)][-1] == "reset"
    assert [(end.how, end.sender) for end in only(outcome, Ended)] == [
        ("RST", "client"),
        ("RST", "auction"),
    ]


def test_reset_spares_those_who_are_still_shaking_hands():
    """A reset before the handshake is over touches nothing: there is no connection yet."""

    async def main(world):
        async with serve(echo, "auction", 80):
            opening = asyncio.create_task(connect("ws://auction:80").__aenter__())
            await asyncio.sleep(0.03)
            world.reset("client", "auction")
            ws = await opening
            await ws.send("alive")
            said = await ws.recv()
            await ws.close()
            return said

    outcome = run(main)
    assert outcome.result == "alive"
    assert not [end for end in only(outcome, Ended) if end.how == "RST"]


def test_refuse_and_accept():
    """A machine that refuses is heard at once; connections that are open stay open."""

    async def main(world):
        async with serve(echo, "auction", 80), connect("ws://auction:80") as before:
            world.refuse("auction")
            begun = world.now
            with pytest.raises(ConnectionRefusedError):
                await connect("ws://auction:80")
            took = world.now - begun
            await before.send("still here")
            said = await before.recv()
            world.accept("auction")
            async with connect("ws://auction:80"):
                return took, said

    outcome = run(main)
    assert outcome.result == (pytest.approx(0.05), "still here")
    assert [refused.why for refused in only(outcome, Refused)] == ["refuses connections"]


def test_nobody_listens():
    """A port without a server refuses, after one round trip."""

    async def main(world):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("auction", 80)
        return world.now

    outcome = run(main)
    assert outcome.result == pytest.approx(0.05)
    assert [refused.why for refused in only(outcome, Refused)] == ["nobody listens"]


def test_syn_gives_up_after_127_seconds():
    """Nobody answers a SYN into a cut: connect() fails after 127 s, as on Linux."""

    async def main(world):
        world.cut("client", "auction")
        with pytest.raises(TimeoutError):
            await asyncio.open_connection("auction", 80)
        return world.now

    outcome = run(main)
    assert outcome.result == pytest.approx(127.0)
    assert [refused.why for refused in only(outcome, Refused)] == ["nobody answered for 127 s"]


def test_syn_is_repeated():
    """A cut that heals lets the next SYN through: repeated after 1, 3, 7, 15, 31 and 63 s."""

    async def main(world):
        world.cut("client", "auction")
        async with serve(echo, "auction", 80):
            asyncio.get_running_loop().call_at(4, world.heal, "client", "auction")
            _, writer = await asyncio.open_connection("auction", 80)
            writer.close()
            return world.now

    assert run(main).result == pytest.approx(7.05)


def test_a_cut_in_the_middle_of_the_handshake():
    """A SYN-ACK that a cut swallows is answered to the SYN's next repetition."""

    async def main(world):
        async with serve(echo, "auction", 80):
            loop = asyncio.get_running_loop()
            loop.call_at(0.03, world.cut, "client", "auction")
            loop.call_at(0.5, world.heal, "client", "auction")
            _, writer = await asyncio.open_connection("auction", 80)
            writer.close()
            return world.now

    assert run(main).result == pytest.approx(1.05)


def test_an_attempt_that_is_given_up_is_in_the_journal():
    """A client that stops waiting for a connection leaves a line that says how long it waited."""

    async def main(world):
        world.cut("client", "auction")
        with pytest.raises(TimeoutError):
            await connect("ws://auction:80", open_timeout=10)

    assert [refused.why for refused in only(run(main), Refused)] == ["nobody answered for 10 s"]


def test_an_address_outside():
    """A name with a dot is not a machine of this world, and that is said."""

    async def main(world):
        await asyncio.open_connection("example.com", 80)

    with pytest.raises(Escape, match="machines here have one-word names"):
        run(main)


def test_tls_is_refused_with_a_sentence():
    """wss:// is answered with what to use instead."""

    async def main(world):
        await connect("wss://auction:443")

    with pytest.raises(Escape, match="use ws://"):
        run(main)


def test_bytes_for_a_closed_socket_are_answered_by_rst():
    """A peer that writes to a closed socket is sent RST, and learns of it when it writes again."""

    async def main(world):
        async def leave(reader, writer):
            writer.close()

        async with await asyncio.start_server(leave, "auction", 7):
            reader, writer = await asyncio.open_connection("auction", 7)
            assert await reader.read() == b""
            writer.write(b"anybody?")
            await asyncio.sleep(1)
            writer.write(b"nobody")
            with pytest.raises(ConnectionError):
                await writer.drain()

    outcome = run(main)
    assert [sent.lost for sent in only(outcome, Sent)] == ["given up"]
    assert [(e.sender, e.how) for e in only(outcome, Ended)][:2] == [
        ("auction", "FIN"),
        ("auction", "RST"),
    ]


def test_slow_reader():
    """A machine that stops reading makes senders wait; later it reads all of it, in order."""

    async def main(world):
        bank = world.host("bank")
        got = bytearray()

        async def sink(reader, writer):
            while piece := await reader.read(65_536):
                got.extend(piece)

        async with await asyncio.start_server(sink, "bank", 7):
            _, writer = await asyncio.open_connection("bank", 7)
            bank.stop_reading()
            text = bytes(range(256)) * 2_000
            writer.write(text)
            waiting = asyncio.create_task(writer.drain())
            await asyncio.sleep(60)
            stuck = (len(got), waiting.done())
            bank.read_again()
            await waiting
            await asyncio.sleep(1)
            return stuck, bytes(got) == text

    outcome = run(main)
    assert outcome.result == ((0, False), True)
    assert [(f.name, f.until - f.time) for f in only(outcome, Fault)] == [("stop reading", 60.0)]


def test_an_answer_never_shares_an_instant_with_its_question():
    """Even between programs of one machine bytes take time, so that order can be told."""

    async def main(world):
        world.link("client", "client").latency = 0
        async with serve(echo, "localhost", 80), connect("ws://localhost:80") as ws:
            await ws.send("x")
            await ws.recv()

    times = [sent.arrived - sent.time for sent in only(run(main), Sent)]
    assert min(times) > 0


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("latency", -1.0),
        ("jitter", -0.1),
        ("jitter", float("nan")),
        ("bandwidth", 0),
        ("bandwidth", float("inf")),
        ("segment_size", 0),
    ],
)
def test_a_link_that_cannot_be(name, number):
    """A number that no link can have is refused in a sentence, and does not mean "no limit"."""

    async def main(world):
        setattr(world.link("client", "auction"), name, number)

    with pytest.raises(WorldError, match=f"a link's {name} is at least"):
        run(main)


def test_a_setting_mistyped():
    """A name that a link does not have is an error, not a setting without effect."""

    async def main(world):
        world.link("client", "auction").latancy = 3.0

    with pytest.raises(AttributeError, match="latancy"):
        run(main)
