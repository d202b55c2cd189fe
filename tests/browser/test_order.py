"""Events to put in order: by the keyboard, by a finger, and told to who does not see them."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.timeout(300)  # the whole site is built first
MIDDLES = """all => all.map((each) => {
  const { x, y, width, height } = each.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
})"""


@pytest.fixture
def order(browser, published):
    """The first order of M4 on a phone, in the middle of its screen."""
    screen = {"width": 412, "height": 844}
    context = browser.new_context(
        viewport=screen, has_touch=True, is_mobile=True, service_workers="block"
    )
    page = context.new_page()
    page.goto(f"{published.address}/lessons/04_handshake/")
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    place = page.locator(".hls-order").first
    place.evaluate("each => each.scrollIntoView({ block: 'center' })")
    place.locator(".hls-lines li").first.wait_for()
    place.locator(".hls-lines").evaluate("each => each.scrollIntoView({ block: 'center' })")
    yield place
    context.close()


def lines(order):
    """Where the lines stand, from the first to the last."""
    return order.locator(".hls-lines span")


def test_a_line_moves_by_the_arrow_keys_and_says_where_it_is(order):
    """Its button keeps the focus; at the edge it says again that it is the first."""
    first, second, *others = before = lines(order).all_text_contents()
    order.get_by_role("button", name=f"Later: {first}").focus()
    order.page.keyboard.press("ArrowDown")
    order.get_by_role("status").filter(has_text=f"is now line 2 of {len(before)}").wait_for()
    expect(lines(order)).to_have_text([second, first, *others])
    for _ in range(2):
        order.page.keyboard.press("ArrowUp")
    order.get_by_role("status").filter(has_text="is now line 1").wait_for()
    expect(lines(order)).to_have_text(before)


def test_a_finger_drags_a_line(order):
    """The page does not scroll meanwhile."""
    first, second, third, *others = lines(order).all_text_contents()
    handles = order.locator(".hls-lines i").evaluate_all(MIDDLES)
    touch = order.page.context.new_cdp_session(order.page)
    scrolled = order.page.evaluate("scrollY")
    for kind, points in (
        ("touchStart", [handles[0]]),
        *(("touchMove", [{**handles[0], "y": handles[0]["y"] + step}]) for step in range(0, 60, 6)),
        ("touchMove", [{**handles[2], "y": handles[2]["y"] + 8}]),
        ("touchEnd", []),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    order.get_by_role("status").filter(has_text="is now line 3").wait_for()
    expect(lines(order)).to_have_text([second, third, first, *others])
    assert order.page.evaluate("scrollY") == scrolled
