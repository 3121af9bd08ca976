"""Names of any script: what cannot be seen of them goes, and right-to-left ones keep to themselves."""

import pytest
from telegram import CopyTextButton

from duty_teller.handlers.transport.keyboards import markup_of
from duty_teller.handlers.transport.paging import message_texts, readable
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.utils.bidi import isolate
from duty_teller.utils.buttons import Button
from duty_teller.utils.texts import visible, without_unseen
from duty_teller.utils.user import Visitor

HEBREW, ARABIC, PERSIAN = "דן כהן", "محمد علي", "می\u200cخواهم"
FAMILY = "👩\u200d🚒"


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Dan\u202e Duty", "Dan Duty"),
        ("D\u200ban\u200d Du\u200cty\ufeff", "Dan Duty"),
        ("\u2068Dan\u2069 \u200f\u200eDuty\u061c", "Dan Duty"),
        ("Dan\x00\x07\x1b[31m Duty", "Dan[31m Duty"),
        ("Dan\u00a0\n\tDuty \u3000", "Dan Duty"),
        ("Да\u00adн\u0600 Ду\u2063ти", "Дан Дути"),
        ("\u3164Dan\u2800\u115f", "Dan"),
        (HEBREW, HEBREW),
        (ARABIC, ARABIC),
        (PERSIAN, PERSIAN),
        (f"Alice {FAMILY}", f"Alice {FAMILY}"),
        ("Ève Ångström-Ñ'o", "Ève Ångström-Ñ'o"),
    ],
)
def test_name_is_what_can_be_seen_of_it(name: str, seen: str) -> None:
    assert visible(name) == seen
    assert Visitor(7, name).full_name == seen
    assert fold_name(name) == fold_name(seen)
    assert without_unseen(seen) == seen


@pytest.mark.parametrize(
    ("username", "shown", "called"), [("d\u202ean_du", "dan_du", "@dan_du"), (None, None, "7"), ("\u200b", None, "7")]
)
def test_name_of_which_nothing_can_be_seen_is_the_username_or_the_number(
    username: str | None, shown: str | None, called: str
) -> None:
    visitor = Visitor(7, "\u3164 \u200b\u202e", username)

    assert (visitor.username, visitor.full_name) == (shown, called)


@pytest.mark.parametrize(
    ("html", "sent"),
    [
        ("• 09:00–21:00: <b>Dan Duty</b> · Дан", "• 09:00–21:00: <b>Dan Duty</b> · Дан"),
        (f"• 09:00–21:00: <b>{HEBREW}</b>", f"• 09:00–21:00: <b>\u2068{HEBREW}\u2069</b>"),
        (f"{ARABIC}, {HEBREW} 21:00", f"\u2068{ARABIC}\u2069, \u2068{HEBREW}\u2069 21:00"),
        ("מ. 'לוי' (צפון)-א", "\u2068מ. 'לוי' (צפון)-א\u2069"),
        (f"<code>/duty {HEBREW}</code> {HEBREW}", f"<code>/duty {HEBREW}</code> \u2068{HEBREW}\u2069"),
        (
            f'<a href="https://x.org/{HEBREW}">{HEBREW}</a>',
            f'<a href="https://x.org/{HEBREW}">\u2068{HEBREW}\u2069</a>',
        ),
        (f"\u202e{HEBREW}\u2069 &lt;b&gt;", f"\u2068{HEBREW}\u2069 &lt;b&gt;"),
        (f"{HEBREW} 09:00\n{ARABIC} 21:00", f"\u2068{HEBREW}\u2069 09:00\n\u2068{ARABIC}\u2069 21:00"),
        ("Dan\u202e Duty\u200b 21:00", "Dan Duty 21:00"),
    ],
)
def test_right_to_left_words_of_a_message_are_isolated_and_nothing_else(html: str, sent: str) -> None:
    assert readable(html) == sent
    assert readable(sent) == sent


def test_long_message_of_right_to_left_names_still_fits() -> None:
    texts = message_texts("\n".join([f"• 09:00: <b>{HEBREW}</b>"] * 200))

    assert len(texts) > 1
    assert all(len(text.encode("utf-16-le")) // 2 <= 4096 for text in texts)
    assert [text.count("\u2068") for text in texts] == [text.count("\u2069") for text in texts]


def test_names_on_buttons_are_cleaned_and_isolated_and_keep_what_is_behind_them() -> None:
    rows = [
        [Button(f"09:00–21:00 {HEBREW}", "x")],
        [Button("D\u202ean", copy="y"), Button("Dan", url="https://z.org")],
    ]

    made = markup_of(rows)

    assert made is not None
    (first,), (second, third) = made.inline_keyboard
    assert (first.text, first.callback_data) == (f"09:00–21:00 {isolate(HEBREW)}", "x")
    assert (second.text, second.copy_text) == ("Dan", CopyTextButton("y"))
    assert (third.text, third.url) == ("Dan", "https://z.org")
    assert markup_of([]) is None
