"""What duty teams write in six languages: people, months, weekdays, headings, titles, legends, signatures."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Language:
    """The words of one language.

    Attributes:
        people: (surname, first name, second name or nothing); the first letters of a surname and name are unique.
        months: As a title has them, January first.
        of_months: As they stand after the number of a day.
        weekdays: Short names, Monday first.
        long_weekdays: Whole names.
        heads: What → headings it goes by.
        titles: `{month}`, `{year}`, `{first}` and `{last}` (dd.mm.yyyy) are filled in.
        approvals: Lines above or below with a date that is no duty; `{date}` is filled in.
        signatures: Lines below with the name of somebody who is on no duty.
        legends: What opens a legend.
        meanings: Meaning of a code → its words in a legend.
        parts: Names of shifts: day and night; morning, evening and night.
        groups: Names of departments.
        roles: First and second on call.
        joint: The word between two people.
        banner: Stands in place of people where nobody is on duty.
        totals: What heads totals.
    """

    people: tuple[tuple[str, str, str], ...]
    months: tuple[str, ...]
    of_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    long_weekdays: tuple[str, ...]
    heads: dict[str, tuple[str, ...]]
    titles: tuple[str, ...]
    approvals: tuple[str, ...]
    signatures: tuple[str, ...]
    legends: tuple[str, ...]
    meanings: dict[str, str]
    parts: tuple[tuple[str, str], tuple[str, str, str]]
    groups: tuple[str, ...]
    roles: tuple[str, ...]
    joint: str
    banner: str
    totals: tuple[str, ...]

    def words_of(self, day: date) -> str:
        """Writes a date in words."""
        return f"{day.day} {self.of_months[day.month - 1]} {day.year}"


def _people(text: str) -> tuple[tuple[str, str, str], ...]:
    found = []
    for line in text.split(","):
        surname, first, *second = line.split()
        found.append((surname, first, second[0] if second else ""))
    return tuple(found)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LANGUAGES = {
    "ru": Language(
        people=_people(
            "Белова Ирина Петровна, Громов Олег Ильич, Ким Алина Юрьевна, Юдин Пётр Саввич, Орлова Вера Павловна,"
            "Зайцев Антон Кириллович, Мельник Дарья Олеговна, Тихонов Семён Львович, Рябова Нина Андреевна,"
            "Щукин Фёдор Маркович, Лаптева Ольга Игоревна, Сомов Глеб Янович, Ершова Жанна Тимуровна,"
            "Воронин Эдуард Русланович, Пак Людмила Сергеевна, Чижов Роман Вадимович"
        ),
        months=_words("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
        of_months=_words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        weekdays=("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"),
        long_weekdays=("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
        heads={
            "name": ("ФИО", "Ф.И.О.", "Сотрудник", "Фамилия И.О.", "Дежурный"),
            "who": ("Дежурный", "Дежурный врач", "ФИО", "Ответственный дежурный"),
            "date": ("Дата", "День", "Число"),
            "weekday": ("День недели",),
            "phone": ("Телефон", "Тел.", "Моб. телефон"),
            "job": ("Должность",),
            "number": ("№", "№ п/п", "п/п"),
            "tab": ("Таб. №",),
            "start": ("Начало", "с"),
            "end": ("Окончание", "до"),
            "hours": ("Часы", "Кол-во часов"),
            "note": ("Примечание", "Комментарий"),
            "backup": ("Резерв", "Запасной"),
            "days": ("Дни дежурства", "Даты дежурств", "Числа"),
            "week": ("Неделя", "Неделя с"),
            "count": ("Дежурств", "Всего дежурств"),
            "short": ("Кратко", "Инициалы"),
            "plan": ("план",),
            "fact": ("факт",),
        },
        titles=(
            "График дежурств на {month} {year} г.",
            "ГРАФИК ДЕЖУРСТВ {month} {year}",
            "{month} {year}",
            "Дежурства отдела, {month} {year} года",
            "График работы с {first} по {last}",
        ),
        approvals=(
            "УТВЕРЖДАЮ  Главный врач ____________ {date}",
            "Дата составления: {date}",
            "Приложение 1 к приказу № 17 от {date}",
        ),
        signatures=("Составил: ст. медсестра Ефимова Т.Н.", "Начальник отдела ____________ Жуков В.В."),
        legends=("Условные обозначения:", "Обозначения", "Примечание:"),
        meanings={
            "duty": "суточное дежурство",
            "day": "дневная смена",
            "night": "ночная смена",
            "vacation": "отпуск",
            "sick": "больничный",
            "nothing": "выходной",
        },
        parts=(("День", "Ночь"), ("Утро", "Вечер", "Ночь")),
        groups=("Хирургия", "1 отделение", "Бригада 2", "Отдел эксплуатации"),
        roles=("Основной", "Резервный"),
        joint=" и ",
        banner="Общий выходной (санитарный день)",
        totals=("Итого", "Всего", "Итого часов"),
    ),
    "en": Language(
        people=_people(
            "Lindt Anna, Kern Boris, Holt Mia, Falk Nora, Brand Ivo, Ryd Leo, Verne Alice, Quill Sara, Tarn Kate,"
            "Osei Martin, Noor Zara, Dutton Dan, Wyatt Peter, Ulrich Jane, Eaton Rob, Hughes Gwen"
        ),
        months=_words("January February March April May June July August September October November December"),
        of_months=_words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        long_weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        heads={
            "name": ("Name", "Employee", "Staff", "Full name"),
            "who": ("On call", "Name", "Engineer", "On duty"),
            "date": ("Date", "Day"),
            "weekday": ("Weekday",),
            "phone": ("Phone", "Mobile", "Contact number"),
            "job": ("Position", "Title"),
            "number": ("No", "#", "Sr.no"),
            "tab": ("Emp ID",),
            "start": ("Start", "From"),
            "end": ("End", "To"),
            "hours": ("Hours", "Total hours"),
            "note": ("Notes", "Remarks"),
            "backup": ("Backup", "Secondary"),
            "days": ("Duty days", "Dates on call"),
            "week": ("Week commencing", "Week of"),
            "count": ("Shifts", "No. of shifts"),
            "short": ("Initials",),
            "plan": ("plan",),
            "fact": ("actual",),
        },
        titles=(
            "Duty rota {month} {year}",
            "On-call schedule - {month} {year}",
            "{month} {year}",
            "STAFF ROSTER {month} {year}",
            "Roster {first} to {last}",
        ),
        approvals=("Approved by the head of department on {date}", "Last updated: {date}", "Version 3, {date}"),
        signatures=("Prepared by: Fiona Marsh", "Head of department: Dr. Quentin Hale"),
        legends=("Legend:", "Key", "Notes:"),
        meanings={
            "duty": "24 h duty",
            "day": "day shift",
            "night": "night shift",
            "vacation": "annual leave",
            "sick": "sick",
            "nothing": "day off",
        },
        parts=(("Day", "Night"), ("Morning", "Evening", "Night")),
        groups=("Ward A", "Team Blue", "Operations", "Cardiology"),
        roles=("Primary", "Secondary"),
        joint=" & ",
        banner="Office closed (public holiday)",
        totals=("Total", "Totals", "Total hours"),
    ),
    "de": Language(
        people=_people(
            "Vogel Katrin, Brandt Jonas, Krüger Heike, Schäfer Uwe, Lorenz Petra, Hahn Dieter, Engel Birgit,"
            "Winter Moritz, Zimmer Sabine, Auer Lukas, Moser Greta, Tietz Olaf, Pohl Nadine, Rieger Emil,"
            "Cordes Frieda, Ihle Thomas"
        ),
        months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        of_months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        weekdays=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        long_weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        heads={
            "name": ("Name", "Mitarbeiter", "Nachname, Vorname", "Mitarbeiterin/Mitarbeiter"),
            "who": ("Diensthabender", "Name", "Bereitschaft"),
            "date": ("Datum", "Tag"),
            "weekday": ("Wochentag",),
            "phone": ("Telefon", "Handy", "Rufnummer"),
            "job": ("Funktion",),
            "number": ("Nr.", "Lfd. Nr."),
            "tab": ("Pers.-Nr.",),
            "start": ("Beginn", "von"),
            "end": ("Ende", "bis"),
            "hours": ("Stunden", "Std."),
            "note": ("Bemerkung", "Bemerkungen"),
            "backup": ("Vertretung", "Hintergrund"),
            "days": ("Diensttage",),
            "week": ("Woche ab", "Woche vom"),
            "count": ("Anzahl", "Dienste"),
            "short": ("Kürzel",),
            "plan": ("Soll",),
            "fact": ("Ist",),
        },
        titles=(
            "Dienstplan {month} {year}",
            "Rufbereitschaft {month} {year}",
            "{month} {year}",
            "Dienstplan vom {first} bis {last}",
        ),
        approvals=("Genehmigt am {date}", "Stand: {date}", "Erstellt am {date} durch die Pflegedienstleitung"),
        signatures=("Unterschrift: Dr. Ernst Falkner", "Erstellt von: Sigrid Paulsen"),
        legends=("Legende:", "Erläuterungen", "Hinweis:"),
        meanings={
            "duty": "24-h-Dienst",
            "day": "Tagdienst",
            "night": "Nachtdienst",
            "vacation": "Urlaub",
            "sick": "krank",
            "nothing": "frei",
        },
        parts=(("Tag", "Nacht"), ("Früh", "Spät", "Nacht")),
        groups=("Station 3", "Team Nord", "Technik", "Notaufnahme"),
        roles=("Bereitschaft", "Vertretung"),
        joint=" und ",
        banner="Feiertag (geschlossen)",
        totals=("Gesamt", "Summe", "Stunden gesamt"),
    ),
    "uk": Language(
        people=_people(
            "Шевчук Оксана Іванівна, Бондар Тарас Петрович, Коваль Леся Степанівна, Гнатюк Юрій Олегович,"
            "Мороз Ганна Василівна, Дячук Роман Ігорович, Ткач Надія Миколаївна, Савчук Андрій Богданович,"
            "Лисенко Віра Тарасівна, Пилипенко Остап Юрійович, Руденко Інна Павлівна, Хоменко Назар Сергійович,"
            "Яремчук Уляна Романівна, Федорук Богдан Львович"
        ),
        months=_words("січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень"),
        of_months=_words("січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"),
        weekdays=("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Нд"),
        long_weekdays=("понеділок", "вівторок", "середа", "четвер", "п'ятниця", "субота", "неділя"),
        heads={
            "name": ("ПІБ", "Прізвище, ім'я", "П.І.Б.", "Працівник"),
            "who": ("Черговий", "ПІБ", "Черговий лікар"),
            "date": ("Дата", "День"),
            "weekday": ("День тижня",),
            "phone": ("Телефон", "Моб. тел."),
            "job": ("Посада",),
            "number": ("№", "№ з/п"),
            "tab": ("Таб. №",),
            "start": ("Початок", "з"),
            "end": ("Кінець", "до"),
            "hours": ("Годин", "Години"),
            "note": ("Примітка", "Примітки"),
            "backup": ("Резерв", "Резервний"),
            "days": ("Дні чергування",),
            "week": ("Тиждень", "Тиждень з"),
            "count": ("Чергувань", "Кількість"),
            "short": ("Скорочено",),
            "plan": ("план",),
            "fact": ("факт",),
        },
        titles=(
            "Графік чергувань на {month} {year} р.",
            "Графік чергування {month} {year}",
            "{month} {year}",
            "Графік роботи з {first} до {last}",
        ),
        approvals=("ЗАТВЕРДЖУЮ  Головний лікар __________ {date}", "Дата складання: {date}"),
        signatures=("Склала: ст. медсестра Онищук М.П.", "Завідувач відділення ________ Білик С.С."),
        legends=("Умовні позначення:", "Позначення", "Примітки:"),
        meanings={
            "duty": "добове чергування",
            "day": "денна зміна",
            "night": "нічна зміна",
            "vacation": "відпустка",
            "sick": "лікарняний",
            "nothing": "вихідний",
        },
        parts=(("День", "Ніч"), ("Ранок", "Вечір", "Ніч")),
        groups=("Терапія", "Бригада 1", "2 відділення"),
        roles=("Основний", "Резервний"),
        joint=" та ",
        banner="Вихідний день (свято)",
        totals=("Всього", "Разом", "Усього годин"),
    ),
    "pl": Language(
        people=_people(
            "Nowak Ewa, Zieliński Piotr, Wójcik Marta, Lis Tomasz, Mazur Agata, Krawczyk Jan, Dudek Halina,"
            "Pawlak Robert, Sikora Iwona, Baran Kamil, Górska Urszula, Czarnecki Oskar, Filipiak Natalia, Rutkowski Wit"
        ),
        months=_words(
            "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień"
        ),
        of_months=_words(
            "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
        ),
        weekdays=("pn", "wt", "śr", "czw", "pt", "sob", "nd"),
        long_weekdays=("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"),
        heads={
            "name": ("Imię i nazwisko", "Nazwisko i imię", "Pracownik", "Nazwisko"),
            "who": ("Dyżurny", "Lekarz dyżurny", "Imię i nazwisko"),
            "date": ("Data", "Dzień"),
            "weekday": ("Dzień tygodnia",),
            "phone": ("Telefon", "Komórka"),
            "job": ("Stanowisko",),
            "number": ("Lp.", "Nr"),
            "tab": ("Nr ewid.",),
            "start": ("Od", "Początek"),
            "end": ("Do", "Koniec"),
            "hours": ("Godziny", "Liczba godzin"),
            "note": ("Uwagi",),
            "backup": ("Zastępca", "Rezerwa"),
            "days": ("Dni dyżuru",),
            "week": ("Tydzień od",),
            "count": ("Liczba dyżurów",),
            "short": ("Skrót",),
            "plan": ("plan",),
            "fact": ("wykonanie",),
        },
        titles=(
            "Grafik dyżurów {month} {year}",
            "Harmonogram dyżurów na {month} {year} r.",
            "{month} {year}",
            "Dyżury od {first} do {last}",
        ),
        approvals=("Zatwierdził: dyrektor __________ {date}", "Sporządzono dnia {date}"),
        signatures=("Sporządziła: Teresa Wrona", "Kierownik oddziału: dr Adam Kos"),
        legends=("Legenda:", "Objaśnienia", "Uwagi:"),
        meanings={
            "duty": "dyżur 24h",
            "day": "zmiana dzienna",
            "night": "zmiana nocna",
            "vacation": "urlop",
            "sick": "chorobowe",
            "nothing": "wolne",
        },
        parts=(("Dzień", "Noc"), ("Ranek", "Wieczór", "Noc")),
        groups=("Chirurgia", "Zespół 2", "Oddział III"),
        roles=("Główny", "Zapasowy"),
        joint=" i ",
        banner="Święto (zamknięte)",
        totals=("Razem", "Suma", "Razem godzin"),
    ),
    "fi": Language(
        people=_people(
            "Virtanen Aino, Korhonen Eero, Nieminen Saara, Laine Otto, Heikkinen Liisa, Järvinen Mikko, Salo Venla,"
            "Rantanen Jukka, Koski Päivi, Lehto Antti, Mäkelä Tuula, Pitkänen Sampo, Aalto Kerttu, Ojala Ville"
        ),
        months=_words(
            "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu "
            "joulukuu"
        ),
        of_months=_words(
            "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
            "marraskuuta joulukuuta"
        ),
        weekdays=("ma", "ti", "ke", "to", "pe", "la", "su"),
        long_weekdays=("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
        heads={
            "name": ("Nimi", "Työntekijä"),
            "who": ("Päivystäjä", "Nimi"),
            "date": ("Pvm", "Päivämäärä", "Päivä"),
            "weekday": ("Viikonpäivä",),
            "phone": ("Puhelin",),
            "job": ("Tehtävä", "Nimike"),
            "number": ("Nro", "#"),
            "tab": ("Henkilönro",),
            "start": ("Alkaa", "Klo alkaen"),
            "end": ("Päättyy", "Klo asti"),
            "hours": ("Tunnit",),
            "note": ("Huomautus", "Huom."),
            "backup": ("Varalla", "Varapäivystäjä"),
            "days": ("Päivystyspäivät",),
            "week": ("Viikko alkaen",),
            "count": ("Vuoroja",),
            "short": ("Lyhenne",),
            "plan": ("suunniteltu",),
            "fact": ("toteutunut",),
        },
        titles=(
            "Päivystyslista {month} {year}",
            "Työvuorolista {month} {year}",
            "{month} {year}",
            "Työvuorot {first} - {last}",
        ),
        approvals=("Hyväksytty {date}", "Päivitetty {date}"),
        signatures=("Laati: Ritva Halla", "Osastonhoitaja: Kaisa Ranta"),
        legends=("Selitteet:", "Selite", "Huom:"),
        meanings={
            "duty": "vuorokausipäivystys",
            "day": "päivävuoro",
            "night": "yövuoro",
            "vacation": "vuosiloma",
            "sick": "sairausloma",
            "nothing": "vapaa",
        },
        parts=(("Päivä", "Yö"), ("Aamu", "Ilta", "Yö")),
        groups=("Osasto 4", "Tiimi A", "Huolto"),
        roles=("Päivystäjä", "Varalla"),
        joint=" ja ",
        banner="Pyhäpäivä (suljettu)",
        totals=("Yhteensä", "Summa", "Tunnit yhteensä"),
    ),
}
