"""Hours of a month as Telegram HTML: one's own, and everybody's."""

from collections.abc import Iterable, Iterator
from html import escape

from duty_teller.domain.figures import Figures, HoursSheet, Line
from duty_teller.exporters.hours_files import clock
from duty_teller.i18n.core import t
from duty_teller.i18n.lang import format_month, table
from duty_teller.services.texts.people import duration_text


def own_hours(sheet: HoursSheet, user_id: int, lang: str) -> str:
    """Tells a person's month: the sum, what of it counts as what, and each roster and position where there are several.

    Args:
        sheet: Of one month.
        user_id: Whose.
        lang: The reader's language.
    """
    mine = [line for line in sheet.lines if line.user_id == user_id]
    lines = [f"<b>{t(lang, 'hours.own_head', month=format_month(lang, sheet.first))}</b>"]
    total = _sum(mine)
    if not total:
        lines.append(t(lang, "hours.none"))
    else:
        lines.append(t(lang, "hours.total", n=total.shifts, time=duration_text(lang, total.total)))
        lines += [f"• {part}" for part in _parts(total, lang)]
    if len(mine) > 1:
        lines += ["", *(f"{_where(line, lang)}: {duration_text(lang, line.figures.total)}" for line in mine)]
    return "\n".join([*lines, *_corrections(sheet, lang, user_id)])


def everybody(sheet: HoursSheet, lang: str) -> str:
    """Tells everybody's month, a line a person.

    Args:
        sheet: Of one month.
        lang: The reader's language.
    """
    lines = [f"<b>{t(lang, 'hours.all_head', month=format_month(lang, sheet.first))}</b>"]
    if not sheet.lines:
        lines.append(t(lang, "hours.nobody"))
    people = list(dict.fromkeys(line.user_id for line in sheet.lines))
    for user_id in people:
        mine = [line for line in sheet.lines if line.user_id == user_id]
        total = _sum(mine)
        told = [duration_text(lang, total.total), *_parts(total, lang)]
        lines.append(f"<b>{escape(mine[0].name)}</b>: {' · '.join(told)}")
    return "\n".join([*lines, *_corrections(sheet, lang, None)])


def _sum(lines: Iterable[Line]) -> Figures:
    total = Figures()
    for line in lines:
        total += line.figures
    return total


def _parts(total: Figures, lang: str) -> Iterator[str]:
    if total.nights or total.night:
        yield t(lang, "hours.nights", n=total.nights, time=duration_text(lang, total.night))
    for name in ("weekend", "holiday", "covered", "given", "ill"):
        if time := getattr(total, name):
            yield t(lang, f"hours.{name}", time=duration_text(lang, time))
    if total.pay is not None:
        yield t(lang, "hours.pay", sum=str(total.pay).replace(".", table(lang).decimal_mark))


def _where(line: Line, lang: str) -> str:
    return escape(", ".join(part for part in (line.roster, line.position) if part) or t(lang, "hours.no_position"))


def _corrections(sheet: HoursSheet, lang: str, user_id: int | None) -> list[str]:
    if not sheet.closed:
        return []
    found = [one for one in sheet.corrections if user_id in (None, one.user_id)]
    lines = ["", t(lang, "hours.closed_note" if not found else "hours.closed_changed")]
    for one in found:
        name = f"{escape(one.name)}: " if user_id is None else ""
        sign = "+" if one.figures.total.total_seconds() >= 0 else ""
        lines.append(f"• {name}{sign}{clock(one.figures.total)}")
    return lines
