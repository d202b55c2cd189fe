"""Waits for what JavaScript says, and for what moves: the policy forbids Playwright's own."""


def press(button):
    """Clicks once what is around the button has been drawn: until then it moves away."""
    button.hover()
    button.click()


def until(page, expression, seconds=30):
    """Comes back when the expression is true in the page."""
    page.evaluate(
        f"""new Promise((go, stop) => {{
          const last = Date.now() + {seconds * 1_000};
          const look = () => {{
            if ({expression}) go();
            else if (Date.now() > last) stop(new Error("never came true"));
            else setTimeout(look, 50);
          }};
          look();
        }})"""
    )
