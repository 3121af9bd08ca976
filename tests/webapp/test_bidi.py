"""How messages with right-to-left names are laid out, by a real engine of the Unicode bidirectional algorithm."""

from playwright.sync_api import Browser

from duty_teller.handlers.transport.paging import readable

_PLACES = """(lines) => lines.map(([text, parts]) => {
    document.body.innerHTML = '<p style="unicode-bidi: plaintext; text-align: left; white-space: pre"></p>';
    const node = document.body.firstChild.appendChild(document.createTextNode(text));
    return parts.map((part) => {
        const range = document.createRange();
        range.setStart(node, text.indexOf(part));
        range.setEnd(node, text.indexOf(part) + part.length);
        return range.getBoundingClientRect().left;
    });
})"""


def test_times_beside_right_to_left_names_stand_in_their_order(browser: Browser) -> None:
    """Each part begins further right than the one before it; as typed, without isolates, none of the lines does."""
    lines = []
    for name in ("דן כהן", "محمد علي"):
        lines += [
            (f"• 09:00–21:00: {name}", ["09:00", "21:00", name]),
            (f"{name} · 09:00–21:00", [name, "09:00", "21:00"]),
            (f"{name}, 12:00 → {name[::-1]}, 18:00", [name, "12:00", name[::-1], "18:00"]),
        ]
    page = browser.new_page()

    isolated = page.evaluate(_PLACES, [[readable(text), parts] for text, parts in lines])
    typed = page.evaluate(_PLACES, [[text, parts] for text, parts in lines])

    page.close()
    assert [places for places in isolated if places != sorted(places)] == []
    assert [places for places in typed if places == sorted(places)] == []
