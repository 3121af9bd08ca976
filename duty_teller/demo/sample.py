"""The sample team: three people to be, a few more on the roster, and two months of duties around today."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

GROUP_ID: Final = -1001234567890
WEEKS: Final = 9


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody of the demo with a Telegram account."""

    telegram_user_id: int
    first_name: str
    last_name: str
    username: str
    phone: str


@dataclass(frozen=True, slots=True)
class SampleTeam:
    """What the demo is about, in one language."""

    lang: str
    group: str
    admin: SamplePerson
    member: SamplePerson
    stranger: SamplePerson
    others: tuple[str, ...]
    surname_first: bool = False

    def full_name(self, person: SamplePerson) -> str:
        """Returns the name as the roster file has it."""
        return (
            f"{person.last_name} {person.first_name}"
            if self.surname_first
            else f"{person.first_name} {person.last_name}"
        )


ENGLISH: Final = SampleTeam(
    lang="en",
    group="Support team",
    admin=SamplePerson(1001, "Alice", "Adams", "alice_adams", "+442079460101"),
    member=SamplePerson(1002, "Dan", "Dutton", "dan_dutton", "+442079460102"),
    stranger=SamplePerson(1003, "Sam", "Stone", "sam_stone", "+442079460103"),
    others=("Maria Keller", "Oliver Finch", "Priya Nair"),
)
RUSSIAN: Final = SampleTeam(
    lang="ru",
    group="Команда поддержки",
    admin=SamplePerson(1001, "Алиса", "Андреева", "alisa_andreeva", "+79005550101"),
    member=SamplePerson(1002, "Данил", "Дубров", "danil_dubrov", "+79005550102"),
    stranger=SamplePerson(1003, "Семён", "Сторонний", "semyon_storonniy", "+79005550103"),
    others=("Ким Мария", "Орлов Олег", "Петрова Полина"),
    surname_first=True,
)
TEAMS: Final = {sample.lang: sample for sample in (ENGLISH, RUSSIAN)}


def team(lang: str) -> SampleTeam:
    """Returns the team that speaks a language, the English one where none does."""
    return TEAMS.get(lang, ENGLISH)


def roster_file(sample: SampleTeam, today: date) -> bytes:
    """Returns the roster as a file of the fixed JSON format.

    Everybody takes two days in turn; the duty member has yesterday and today and the admin follows, so that both see
    something of their own and the next hand-over is not far away.

    Args:
        sample: The team.
        today: The hand-over day that is running in the roster's zone.
    """
    names = [sample.full_name(sample.member), sample.full_name(sample.admin), *sample.others]
    start = today - timedelta(days=today.weekday() + 21)
    shift = (today - start).days
    rows: dict[str, list[str]] = {name: [" "] * (WEEKS * 7) for name in names}
    for day in range(WEEKS * 7):
        rows[names[(day - shift + 1) // 2 % len(names)]][day] = "Б"
    for name, first, length in ((names[3], shift + 3, 9), (names[4], shift - 12, 7)):
        for day in range(first, first + length):
            if rows[name][day] == " ":
                rows[name][day] = "О"
    for day in (shift + 5, shift + 6):
        if rows[names[2]][day] == " ":
            rows[names[2]][day] = "Н"
    # Whose duty falls into their vacation gives it to the next one.
    for day in range(WEEKS * 7):
        for name in (names[3], names[4]):
            neighbours = rows[name][max(0, day - 1)], rows[name][min(WEEKS * 7 - 1, day + 1)]
            if rows[name][day] == "Б" and "О" in neighbours:
                rows[name][day] = "О"
                rows[names[2]][day] = "Б"
    schedule = [{"name": name, "duty": ";".join(cells)} for name, cells in rows.items()]
    content = {"meta": {"start_date": start.isoformat()}, "schedule": schedule}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
