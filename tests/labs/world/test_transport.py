import asyncio
from itertools import count

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from labs import run
from labs.journal import Sent


class End(asyncio.Protocol):
    """Keeps what it is sent; says how it ended."""

    def __init__(self):
        self.got = bytearray()
        self.lost = None
        self.pauses = 0

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.got += data

    def pause_writing(self):
        self.pauses += 1

    def resume_writing(self):
        self.pauses -= 1

    def connection_lost(self, error):
        self.lost = error or "closed"


async def listen(accepted):
    """A server that keeps the ends it accepts."""
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: accepted.append(End()) or accepted[-1], "auction", 7)


async def pair():
    """Both ends of one connection."""
    accepted = []
    await listen(accepted)
    _, near = await asyncio.get_running_loop().create_connection(End, "auction", 7)
    await asyncio.sleep(1)
    return near, accepted[0]


SIDES = st.sampled_from([0, 1])
SCRIPT = st.lists(
    st.one_of(
        st.tuples(st.just("write"), SIDES, st.sampled_from([1, 7, 1_000, 20_000, 150_000])),
        st.tuples(st.just("cut"), st.sampled_from([(0, 1), (1, 0), "both"])),
        st.tuples(st.just("heal")),
        st.tuples(st.just("wait"), st.sampled_from([0.0, 0.001, 0.02, 0.1, 3.0])),
        st.tuples(st.just("latency"), st.sampled_from([0.001, 0.05, 0.7])),
        st.tuples(st.just("jitter"), st.sampled_from([0.0, 0.2])),
        st.tuples(st.just("bandwidth"), st.sampled_from([None, 50_000])),
        st.tuples(st.just("segment_size"), st.sampled_from([None, 1_500])),
        st.tuples(st.just("pause"), SIDES),
        st.tuples(st.just("resume"), SIDES),
    ),
    max_size=12,
)
PATTERN = bytes(range(251)) * 1_000  # no two places of a stream look alike
few = settings(max_examples=60, phases=[Phase.generate, Phase.shrink])
HOSTS = ("client", "auction")


def play(world, ends, step, sent):
    """One step of a script; `sent` is what each side has written so far."""
    kind, *args = step
    link = world.link(*HOSTS)
    if kind == "write":
        side, size = args
        data = PATTERN[len(sent[side]) % 251 :][:size]
        sent[side].extend(data)
        ends[side].transport.write(data)
    elif kind == "cut" and args[0] == "both":
        world.cut(*HOSTS)
    elif kind == "cut":
        world.cut(*(HOSTS[side] for side in args[0]), one_way=True)
    elif kind == "heal":
        world.heal(*HOSTS)
    elif kind == "pause":
        ends[args[0]].transport.pause_reading()
    elif kind == "resume":
        ends[args[0]].transport.resume_reading()
    else:
        setattr(link, kind, args[0])


@few
@given(SCRIPT)
def test_nothing_is_lost_or_reordered(script):
    """Each side reads a prefix of what the other wrote, whatever the link does; healed, all."""

    async def main(world):
        ends, sent = await pair(), (bytearray(), bytearray())
        for step in script:
            if step[0] == "wait":
                await asyncio.sleep(step[1])
            else:
                play(world, ends, step, sent)
            for end, written in zip(ends, reversed(sent), strict=True):
                assert written.startswith(end.got)
        world.heal(*HOSTS)
        for end in ends:
            end.transport.resume_reading()
        await asyncio.sleep(300)
        for end, written in zip(ends, reversed(sent), strict=True):
            assert end.got == written
            assert end.pauses == 0
            end.transport.close()
        await asyncio.sleep(10)
        return [end.lost for end in ends]

    assert run(main).result == ["closed", "closed"]


ENDINGS = st.sampled_from(["close", "abort", "write_eof", "reset", "crash", "power_cut"])


@few
@given(SCRIPT, ENDINGS, SIDES, SCRIPT)
def test_an_end_in_mid_script_never_makes_bytes_up(before, ending, side, after):
    """However a connection ends, nobody reads anything but a prefix of what was written."""

    async def main(world):
        host = world.host("auction")
        ends, sent = [], (bytearray(), bytearray())

        host.start(listen, ends)
        await asyncio.sleep(1)
        _, near = await asyncio.get_running_loop().create_connection(End, "auction", 7)
        await asyncio.sleep(1)
        ends.insert(0, near)
        far = ends[1]
        for step in (*before, None, *after):
            if step is None:
                finish(world, host, ends, ending, side)
            elif step[0] == "wait":
                await asyncio.sleep(step[1])
            else:
                try_to_play(world, ends, step, sent)
            assert sent[1].startswith(near.got)
            assert sent[0].startswith(far.got)
        world.heal(*HOSTS)
        await asyncio.sleep(300)
        assert sent[1].startswith(near.got)
        assert sent[0].startswith(far.got)

    run(main)


def try_to_play(world, ends, step, sent):
    """A write after the end of one's own half is refused, and was never sent."""
    side = step[1] if step[0] == "write" else 0
    if step[0] == "write" and ends[side].transport.eof_written:
        return
    play(world, ends, step, sent)


def finish(world, host, ends, ending, side):
    if ending == "reset":
        world.reset(*HOSTS)
    elif ending in ("crash", "power_cut"):
        getattr(host, ending)()
    else:
        getattr(ends[side].transport, ending)()


@few
@given(SCRIPT, SIDES)
def test_close_delivers_everything_written_before_it(script, side):
    """What was written before close() arrives, if the peer goes on reading."""

    async def main(world):
        ends, sent = await pair(), (bytearray(), bytearray())
        for step in script:
            if step[0] == "wait":
                await asyncio.sleep(step[1])
            elif step[:2] != ("write", 1 - side):  # unread bytes would turn the FIN into an RST
                play(world, ends, step, sent)
        ends[side].transport.close()
        world.heal(*HOSTS)
        ends[1 - side].transport.resume_reading()
        await asyncio.sleep(300)
        assert ends[1 - side].got == sent[side]
        return [end.lost for end in ends]

    assert run(main).result == ["closed", "closed"]


def test_writes_of_one_instant_are_one_segment():
    """What is written at one instant travels together, whether it came in one piece or in ten."""

    async def main(world):
        near, far = await pair()
        for piece in (b"a", b"b", b"c"):
            near.transport.write(piece)
        near.transport.writelines([b"d", b"e"])
        await asyncio.sleep(1)
        return bytes(far.got)

    outcome = run(main)
    assert outcome.result == b"abcde"
    assert [e.data for e in outcome.journal.events if isinstance(e, Sent)] == [b"abcde"]


def test_the_written_buffer_may_change_afterwards():
    """write() takes a copy: a bytearray that is changed later does not change what was sent."""

    async def main(world):
        near, far = await pair()
        buffer = bytearray(b"first")
        near.transport.write(buffer)
        buffer[:] = b"XXXXX"
        near.transport.write(memoryview(buffer))
        await asyncio.sleep(1)
        return bytes(far.got)

    assert run(main).result == b"firstXXXXX"


def test_window_and_marks():
    """A reader that pauses holds 128 KiB in the window; the rest waits in the writer's buffer."""

    async def main(world):
        near, far = await pair()
        far.transport.pause_reading()
        for n in count(1):  # noqa: B007 - the number of writes is what is asked for
            near.transport.write(bytes(10_000))
            if near.pauses:
                break
        waits = near.transport.get_write_buffer_size()
        await asyncio.sleep(1)
        far.transport.resume_reading()
        await asyncio.sleep(1)
        return n * 10_000, waits, near.pauses, len(far.got)

    written, waits, pauses, got = run(main).result
    assert written - waits == 131_072
    assert 65_536 < waits <= 75_536
    assert (pauses, got) == (0, written)


def test_pause_writing_inside_data_received():
    """A protocol may write more than the buffer takes while it is being handed data."""

    class Flood(End):
        def data_received(self, data):
            self.transport.write(bytes(1_000_000))

    async def main(world):
        loop = asyncio.get_running_loop()
        await loop.create_server(Flood, "auction", 7)
        _, near = await loop.create_connection(End, "auction", 7)
        near.transport.write(b"go")
        await asyncio.sleep(60)
        return len(near.got)

    outcome = run(main)
    assert outcome.result == 1_000_000
    assert outcome.diagnoses == ()


def test_a_protocol_that_cannot_be_made():
    """A server whose protocol raises closes that connection, says so, and goes on."""

    async def main(world):
        loop = asyncio.get_running_loop()
        await loop.create_server(lambda: 1 / 0, "auction", 7)
        _, near = await loop.create_connection(End, "auction", 7)
        await asyncio.sleep(1)
        return near.lost

    outcome = run(main)
    assert outcome.result == "closed"
    assert "ZeroDivisionError (division by zero) at test_transport.py" in outcome.diagnoses[0]


@pytest.mark.parametrize("verb", ["close", "abort"])
def test_no_event_after_the_end(verb):
    """A program that has closed or aborted hears of the end once, and of nothing else."""

    async def main(world):
        near, far = await pair()
        far.transport.write(b"crossing")
        getattr(near.transport, verb)()
        await asyncio.sleep(5)
        return bytes(near.got), near.lost, far.lost is not None

    assert run(main).result == (b"", "closed", True)


class Buffered(asyncio.BufferedProtocol):
    """Takes bytes four at a time into a buffer of its own."""

    def __init__(self):
        self.buffer, self.got = bytearray(4), bytearray()

    def get_buffer(self, sizehint):
        return self.buffer

    def buffer_updated(self, nbytes):
        self.got += self.buffer[:nbytes]


def test_a_buffered_protocol():
    """An asyncio.BufferedProtocol is handed its bytes in the buffer that it offers."""

    async def main(world):
        accepted = []
        await listen(accepted)
        _, near = await asyncio.get_running_loop().create_connection(Buffered, "auction", 7)
        await asyncio.sleep(1)
        accepted[0].transport.write(b"ten bytes.")
        await asyncio.sleep(1)
        near.buffer = b""
        accepted[0].transport.write(b"more")
        await asyncio.sleep(1)
        return bytes(near.got), accepted[0].lost

    outcome = run(main)
    assert outcome.result == (b"ten bytes.", "closed")
    assert "get_buffer() returned an empty buffer" in outcome.diagnoses[0]


def test_a_window_that_was_full_and_is_empty_again():
    """What was read long ago holds nobody up: a whole window leaves at once again."""

    async def main(world):
        near, far = await pair()
        for _ in range(4):
            near.transport.write(bytes(131_072))
            assert near.transport.get_write_buffer_size() == 0
            near.transport.write(b"x")
            assert near.transport.get_write_buffer_size() == 1
            await asyncio.sleep(1)
        return len(far.got)

    assert run(main).result == 4 * 131_073


def test_a_link_that_becomes_plain_again():
    """A segment size holds as long as it is set; then writes are whole again."""

    async def main(world):
        near, _ = await pair()
        link = world.link(*HOSTS)
        for size in (2, None):
            link.segment_size = size
            near.transport.write(b"1234")
            await asyncio.sleep(1)

    sent = [e.data for e in run(main).journal.events if isinstance(e, Sent)]
    assert sent == [b"12", b"34", b"1234"]
