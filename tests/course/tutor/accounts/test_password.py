"""Signing in to a hosted tutor with name and password."""

import pytest

PASSWORD = "correct horse battery"
NAME_AND_MARK = "__Host-tutor"


def test_the_right_password_opens_a_session(hosted):
    """From the form to an answer, and the way leads on to where one wanted to go."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        assert (await browser.ask())[0] == 401
        assert await browser.sign_in("Ada ", PASSWORD, next="/lessons/06_liveness/") == 303
        assert browser.response.headers["Location"] == "/lessons/06_liveness/"
        status, told = await browser.ask()
        assert (status, told["answer"]) == (200, "yes")

    hosted(program)


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", "wrong horse battery"), ("bob", PASSWORD), ("", ""), ("ada", ""), ("a\0", PASSWORD),
     ("ada' or 1=1 --", PASSWORD), ("ada", PASSWORD + "\0"), ("x" * 600, PASSWORD)],
)  # fmt: skip
def test_a_wrong_password_says_no_more_than_that(hosted, name, password):
    """The same words for a name that nobody has; no session."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        assert await browser.sign_in(name, password) == 403
        assert "Name and password do not belong together." in browser.text
        assert (await browser.ask())[0] == 401

    hosted(program)


def test_an_unknown_name_takes_a_hash_as_well(hosted):
    """So the time of the answer does not tell which names exist."""

    async def program(stage):
        verified = []
        real = stage.passwords._hasher

        class Counting:
            def verify(self, kept, given):
                verified.append(kept)
                return real.verify(kept, given)

        stage.passwords._hasher = Counting()
        await stage.browser().sign_in("nobody", PASSWORD)
        assert verified == [stage.passwords._nobodys]

    hosted(program)


def test_over_https_the_cookie_is_the_hosts_alone(hosted):
    """`__Host-`, Secure, HttpOnly, SameSite, the whole path, no domain (RFC 6265bis 4.1.3.2)."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        await browser.sign_in("ada", PASSWORD)
        line = browser.response.headers["Set-Cookie"]
        name, _, rest = line.partition("=")
        marks = {part.strip() for part in rest.split(";")[1:]}
        assert name == "__Host-tutor"
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= marks
        assert not any(mark.startswith("Domain") for mark in marks)

    hosted(program)


def test_over_http_the_cookie_tells_ports_apart(hosted):
    """A browser would refuse `__Host-` there; two servers of one machine do not mix."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        await browser.sign_in("ada", PASSWORD)
        port = stage.origin.rpartition(":")[2]
        assert browser.response.headers["Set-Cookie"].startswith(f"tutor-{port}=")
        assert "Secure" not in browser.response.headers["Set-Cookie"]
        assert (await browser.ask())[0] == 200

    hosted(program, origin=None)


def test_the_form_carries_a_secret(hosted):
    """Without it, or with another browser's, nobody is signed in (CSRF)."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        victim, attacker = stage.browser(), stage.browser()
        await victim.form()
        good = {"name": "ada", "password": PASSWORD}
        for csrf in ("", "x", await attacker.form()):
            status, text = await victim.open("POST", "/tutor/sign-in", data=good | {"csrf": csrf})
            assert (status, "too old" in text) == (403, True)
        bare = stage.browser()
        assert (await bare.open("POST", "/tutor/sign-in", data=good | {"csrf": ""}))[0] == 403
        assert (await victim.ask())[0] == 401

    hosted(program)


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://tutor.example"])
def test_the_form_comes_from_our_page(hosted, origin):
    """Another Origin, or none, is refused before anything is looked at."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        data = {"csrf": await browser.form(), "name": "ada", "password": PASSWORD}
        assert (await browser.open("POST", "/tutor/sign-in", origin, data=data))[0] == 403
        assert "Set-Cookie" not in browser.response.headers

    hosted(program)


def test_another_host_is_not_answered(hosted):
    """A name that somebody points at us is none of ours."""

    async def program(stage):
        headers = {"Host": "evil.example"}
        assert (await stage.browser().open("GET", "/tutor/status", headers=headers))[0] == 421

    hosted(program)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe=%ff", "application/x-www-form-urlencoded; charset=utf-8"),
        (b"name=ada", "application/x-www-form-urlencoded; charset=no-such"),
        (b"{}", "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", "text/plain"),
    ],
)
def test_a_body_that_is_no_form_is_a_sentence(hosted, body, kind):
    """The form comes again."""

    async def program(stage):
        headers = {"Content-Type": kind}
        status, text = await stage.browser().open(
            "POST", "/tutor/sign-in", data=body, headers=headers
        )
        assert (status, "please try again" in text) == (403, True)

    hosted(program)


def test_a_name_is_tried_so_often(hosted):
    """After eight wrong passwords even the right one has to wait; then it works."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        for _ in range(8):
            assert await browser.sign_in("ada", "wrong horse battery") == 403
        assert await browser.sign_in("ada", PASSWORD) == 429
        assert browser.response.headers["Retry-After"] == "31"
        stage.clock.time += 31
        assert await browser.sign_in("ada", PASSWORD) == 303

    hosted(program)


def test_an_address_tries_so_often(hosted):
    """Whatever names it tries; behind a proxy the address is the last one forwarded."""

    async def program(stage):
        browser = stage.browser()
        data = {"csrf": await browser.form(), "password": PASSWORD}

        async def tried(n, forwarded):
            headers = {"X-Forwarded-For": forwarded}
            filled = data | {"name": f"name{n}"}
            return (await browser.open("POST", "/tutor/sign-in", data=filled, headers=headers))[0]

        statuses = [await tried(n, f"{n}.0.0.1, 192.0.2.7") for n in range(41)]
        assert statuses == [403] * 40 + [429]
        assert await tried(99, "192.0.2.7, 192.0.2.8") == 403
        one_customer = [await tried(n, f"2001:db8:0:1::{n:x}") for n in range(41)]
        assert one_customer == [403] * 40 + [429]
        assert await tried(99, "2001:db8:0:2::1") == 403

    hosted(program)


def test_each_sign_in_is_a_new_session(hosted):
    """The old cookie ends: nobody can hand a session to somebody else beforehand."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        await browser.sign_in("ada", PASSWORD)
        before = browser.cookies[NAME_AND_MARK]
        await browser.sign_in("ada", PASSWORD)
        assert browser.cookies[NAME_AND_MARK] != before
        browser.cookies[NAME_AND_MARK] = before
        assert (await browser.ask())[0] == 401

    hosted(program)


def test_a_session_ends_after_a_fortnight(hosted):
    """And not before."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        await browser.sign_in("ada", PASSWORD)
        stage.clock.time += 14 * 86_400 - 1
        assert (await browser.ask())[0] == 200
        stage.clock.time += 1
        assert (await browser.ask())[0] == 401

    hosted(program)


def test_a_sign_out_ends_one_session_or_all(hosted):
    """Revoked sessions are worth nothing, wherever their cookie is."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browsers = [stage.browser() for _ in range(3)]
        for browser in browsers:
            await browser.sign_in("ada", PASSWORD)
        cookie = dict(browsers[0].cookies)
        await browsers[0].open("POST", "/tutor/sign-out")
        assert "Max-Age=0" in browsers[0].response.headers["Set-Cookie"]
        browsers[0].cookies = cookie
        assert [(await browser.ask())[0] for browser in browsers] == [401, 200, 200]
        await browsers[1].open("POST", "/tutor/sign-out", json={"everywhere": True})
        assert [(await browser.ask())[0] for browser in browsers] == [401, 401, 401]

    hosted(program)


def test_a_deleted_account_cannot_sign_in(hosted):
    """Neither with its session nor with its password; its name is free."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        await browser.sign_in("ada", PASSWORD)
        await browser.ask()
        assert (await browser.open("POST", "/tutor/delete"))[0] == 200
        assert (await browser.ask())[0] == 401
        assert await browser.sign_in("ada", PASSWORD) == 403
        assert await stage.people.named("ada") is None

    hosted(program)


@pytest.mark.parametrize(
    "after",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a\r\nb"],
)
def test_the_way_on_stays_here(hosted, after):
    """A link to the form cannot send anybody elsewhere."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        browser = stage.browser()
        assert await browser.sign_in("ada", PASSWORD, next=after) == 303
        assert browser.response.headers["Location"] == "/"

    hosted(program)


def test_nothing_of_a_request_becomes_markup(hosted):
    """What was asked for is quoted, and the page runs no script at all."""

    async def program(stage):
        browser = stage.browser()
        _, text = await browser.open("GET", '/tutor/sign-in?next=/"><script>')
        assert "<script" not in text
        policy = browser.response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy

    hosted(program)


def test_accounts_are_made_by_hand_unless_registration_is_open(hosted):
    """There is no form for it then."""

    async def program(stage):
        browser = stage.browser()
        assert (await browser.open("GET", "/tutor/sign-up"))[0] == 404
        assert "sign-up" not in (await browser.open("GET", "/tutor/sign-in"))[1]

    hosted(program)


def test_a_new_account_is_signed_in(hosted):
    """Where registration is open: name, password, and one may ask."""

    async def program(stage):
        browser = stage.browser()
        assert "sign-up" in (await browser.open("GET", "/tutor/sign-in"))[1]
        assert await browser.sign_in("ada", PASSWORD, "/tutor/sign-up") == 303
        assert (await browser.ask())[0] == 200
        assert (await stage.people.named("ada")).password.startswith("$argon2id$")

    hosted(program, registers=True)


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("a", PASSWORD, "2 to 32"),
        ("ada lovelace", PASSWORD, "2 to 32"),
        ("ädä", PASSWORD, "2 to 32"),
        ("taken", PASSWORD, "is taken"),
        ("ada", "short", "12 to 256"),
        ("ada", "x" * 257, "12 to 256"),
        ("ada", "aaaaaaaaaaaaaa", "easy to guess"),
        ("adalovelace", "AdaLovelace1", "easy to guess"),
    ],
)
def test_what_cannot_be_an_account_is_a_sentence(hosted, name, password, says):
    """The form comes again and says why."""

    async def program(stage):
        await stage.account("taken", PASSWORD)
        browser = stage.browser()
        assert await browser.sign_in(name, password, "/tutor/sign-up") == 422
        assert says in browser.text

    hosted(program, registers=True)


def test_weak_hashes_grow_stronger(hosted):
    """At the next sign-in a hash with old parameters is made anew."""

    async def program(stage):
        await stage.account("ada", PASSWORD)
        old = (await stage.people.named("ada")).password
        stage.passwords._hasher = type(stage.passwords._hasher)(
            time_cost=2, memory_cost=8, parallelism=1
        )
        assert await stage.browser().sign_in("ada", PASSWORD) == 303
        assert "t=2" in (await stage.people.named("ada")).password != old

    hosted(program)


def test_guests_see_the_pages_and_where_to_sign_in(hosted):
    """Everything but the tutor."""

    async def program(stage):
        browser = stage.browser()
        assert "The course" in (await browser.open("GET", "/"))[1]
        assert '"url": "/tutor/sign-in"' in (await browser.open("GET", "/tutor/status"))[1]

    hosted(program)
