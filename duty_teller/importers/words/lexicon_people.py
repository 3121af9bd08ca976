"""The words around people and the events of calendars, in the six languages of `lexicon`: data, no rules."""

from typing import Final

# -- names in cells ------------------------------------------------------------------------------------------------

JOINTS: Final = "и та й і and und i oraz ja sekä"
"""Words between two people in one cell; between signs (`&`, `+`) they need none."""
NOBODY: Final = (
    "нет, никого, none, nobody, tbd, tba, n/a, na, vacant, вакансия, ніхто, немає, brak, nikt, frei, xxx, no, ні, nie, "
    "nein, ei, не назначен, not assigned, unassigned, no one, no-one, noone, никто, tbc, to be confirmed, open, empty, "
    "нікого, свободно, не заполнено, niemand, keiner, offen, nobody on call, no one on call, ei kukaan"
)
NO_NAMES: Final = (
    "false, true, ложь, истина, да, yes, так, tak, ja, kyllä, falsch, wahr, fałsz, prawda, standup, stand-up, meeting, "
    "стендап, собрание, планёрка, планерка, start date, end date, start time, end time, all day event"
)
"""What no name can be; where a name could stand somebody is asked."""
NOBODY_INSIDE: Final = (
    "выходной, выходные, праздник, праздничный, каникулы, санитарный, нерабочий, holiday, holidays, day off, closed, "
    "office closed, vacation, no duty, вихідний, свято, канікули, święto, wolne, ferie, feiertag, ferien, "
    "geschlossen, "
    "loma, vapaa, juhlapäivä, pyhäpäivä, suljettu"
)
"""A cell with one of these words says that nobody is on duty."""
INSTEAD: Final = (
    "вместо, взамен, замещает, заменяет, instead of, in place of, covering for, covers for, cover for, replaces, "
    "замість, заміняє, zamiast, za kogoś, anstelle von, anstatt, statt, vertritt, sijaistaa"
)
"""Words before whoever is not on duty."""
EITHER: Final = "or или либо або albo lub tai oder"
"""Words between two people of whom one is on duty."""
HALVES: Final = (
    "1/2, 1-я половина, 2-я половина, первая половина, вторая половина, до обеда, после обеда, 1 half, 2 half, "
    "1st half, 2nd half, first half, second half, am, pm, перша половина, друга половина, pierwsza połowa, "
    "druga połowa, erste hälfte, zweite hälfte, vormittag, nachmittag, vormittags, nachmittags, aamupäivä, "
    "iltapäivä, "
    "день, ночь, днём, днем, ночью, day, night, день, ніч, вдень, вночі, dzień, noc, tag, nacht, päivä, yö, утро, "
    "вечер, утром, вечером, morning, evening, afternoon, ранок, вечір, rano, wieczór, früh, spät, aamu, ilta"
)
"""What may stand in brackets behind a name and is a part of the day, not of the name."""
SURNAME_ENDINGS: Final = (
    "ов ев ёв ин ын ова ева ёва ина ына ский ская цкий цкая ской енко чук юк ян дзе швили ski ska cki cka wicz nen "
    "sson vich"
)
"""One word that ends so is a surname for sure."""
BEFORE_TIMES: Final = "с from до till? until to after before после від od do von ab bis klo о"
"""Patterns of words before a time that bounds somebody's part of a day: `до 14:00`."""
HOUR_WORDS: Final = r"ч час\w* h hours? hrs? год godz std t"
HALF_DAY: Final = "½, 0[.,]5, полдня, пол дня, half"
RANKS: Final = (
    "ген ген-м п-к полк полковник п/п-к ппк подполковник м-р май майор к-н кап кап-н капитан ст мл гв л-т лт лей-т "
    "лейтенант пр-к пр-щик прап прапорщик с-т серж сержант ефр ефрейтор ряд рядовой мичман старшина вн сл юстиции "
    "полиции д-р проф доц канд dr prof doc mr mrs ms miss mgr lek med inż inz dipl-ing ing sgt cpl cpt capt lt maj col "
    "pte pvt kpt por ppor sierż kpr szer лік"
)
"""Ranks, titles and their shortenings before a name; dots are left out."""
NAME_PARTICLES: Final = "von van de der den del della di da du la le zu zum zur bin ibn al el оглы кызы угли бек"

PLACES: Final = {
    "en": (
        "reception ward room office desk gate gates hall kitchen lab laboratory checkpoint floor building clinic "
        "pharmacy warehouse garage lobby entrance archive emergency department "
        "unit main front back north south east west"
    ),
    "ru": (
        "приёмная приемная приёмное приемное регистратура ресепшн ресепшен кабинет палата пост вахта проходная охрана "
        "ворота зал столовая кухня лаборатория склад гараж корпус этаж цех архив аптека стойка вход операционная "
        "отделение реанимация ремонт"
    ),
    "uk": "реєстратура кабінет палата приймальня прохідна пост склад лабораторія корпус поверх відділення",
    "pl": "recepcja pokój gabinet sala oddział biuro brama magazyn laboratorium wejście izba przyjęć",
    "fi": "vastaanotto huone toimisto osasto sali keittiö varasto laboratorio päivystysosasto",
    "de": "empfang rezeption station zimmer büro pforte halle küche labor lager eingang notaufnahme werkstatt",
}
POSITIONS: Final = {
    "en": (
        "senior junior chief head lead administrator operator specialist technician teacher guard dispatcher "
        "supervisor director assistant consultant trainee intern physician paramedic"
    ),
    "ru": (
        "главный главная ведущий ведущая младший младшая начальник заведующий заведующая администратор оператор "
        "диспетчер специалист техник охранник учитель санитар санитарка лаборант фельдшер водитель сторож вахтёр "
        "вахтер стажёр стажер директор руководитель ординатор"
    ),
    "uk": "головний головна завідувач лікар інженер адміністратор оператор диспетчер технік охоронець вчитель водій",
    "pl": "główny kierownik lekarz pielęgniarka inżynier administrator operator dyspozytor technik ochroniarz",
    "fi": "ylilääkäri lääkäri hoitaja sairaanhoitaja insinööri opettaja vartija esimies päällikkö",
    "de": "leiter leiterin oberarzt chefarzt arzt ärztin pfleger pflegerin techniker lehrer wachmann disponent",
}
SCHEDULES: Final = {
    "en": "schedule rota rotation roster",
    "ru": "график расписание",
    "uk": "графік розклад",
    "pl": "grafik harmonogram",
    "fi": "työvuorolista päivystyslista",
    "de": "dienstplan",
}
"""A text with one of these words is the title of a schedule. Places and positions are told by all of their words."""

# -- titles of events in calendars ---------------------------------------------------------------------------------

NO_DUTY_EVENTS: Final = {
    "en": (
        "standup stand-up meeting meetings sync retro retrospective planning review demo grooming refinement 1:1 "
        "one-on-one interview lunch breakfast dinner party birthday anniversary holiday holidays closed offsite "
        "training workshop webinar conference release deploy deployment maintenance deadline reminder focus doctor "
        "dentist appointment travel flight call-out townhall all-hands onboarding"
    ),
    "ru": (
        "стендап планёрка планерка совещание собрание встреча созвон митинг ретро ретроспектива демо обед рождения "
        "корпоратив праздник выходной обучение тренинг вебинар конференция релиз дедлайн собеседование инструктаж"
    ),
    "uk": "стендап нарада зустріч збори ретро демо обід свято народження навчання співбесіда вебінар",
    "pl": "spotkanie zebranie narada obiad urodziny święto szkolenie rozmowa warsztat retro",
    "fi": "palaveri kokous tapaaminen lounas syntymäpäivä juhla koulutus haastattelu pyhäpäivä",
    "de": (
        "besprechung meeting sitzung termin mittagessen geburtstag feiertag feier schulung seminar klausur gespräch "
        "vorstellungsgespräch jour betriebsausflug"
    ),
}
"""An event with one of these words and none for a duty is asked about."""
TEAMS: Final = {
    "en": (
        "support operations ops team teams service services desk helpdesk platform infrastructure infra backend "
        "frontend network security schedule rotation rota roster hours office on-call primary secondary escalation "
        "database cloud sre devops payments"
    ),
    "ru": "поддержка поддержки отдел отдела служба команда команды график дежурство дежурств отделение бригада смена",
    "uk": "підтримка відділ служба команда графік чергування відділення бригада зміна",
    "pl": "wsparcie dział zespół grafik dyżur dyżury oddział zmiana",
    "fi": "tuki tiimi osasto päivystys päivystyslista vuoro huolto",
    "de": "dienst team abteilung bereitschaft rufbereitschaft dienstplan station schicht technik",
}
"""Words of the names of teams and schedules: no part of a person's name."""
NAMES_LIKE_MONTHS: Final = (
    "jan january april may june august mar mai maj mei mars juni juli julio junio avril abril augustus agosto marzo "
    "май мая маю марта марте марту августа "
    "styczeń luty marzec marca kwiecień maja czerwiec lipiec sierpień wrzesień październik listopad grudzień"
)
"""Names of months that are names of people, too, in these very forms: `April Jones`, `Jan Nowak`, `Марта Белова`."""
CALENDAR_HEADS: Final = {
    "subject": "subject, title, тема, betreff, temat, aihe",
    "start_date": "start date, дата начала, beginnt am, дата початку, data rozpoczęcia, alkamispäivä",
    "start_time": (
        "start time, время начала, beginnt um, час початку, czas rozpoczęcia, godzina rozpoczęcia, alkamisaika"
    ),
    "end_date": (
        "end date, дата завершения, дата окончания, endet am, дата завершення, дата закінчення, data zakończenia, "
        "päättymispäivä"
    ),
    "end_time": (
        "end time, время завершения, время окончания, endet um, час завершення, час закінчення, czas zakończenia, "
        "godzina zakończenia, päättymisaika"
    ),
    "all_day": (
        "all day event, all day, целый день, весь день, ganztägiges ereignis, ganztägig, подія на весь день, "
        "на весь день, całodzienne, wydarzenie całodzienne, koko päivän tapahtuma"
    ),
    "attendees": (
        "required attendees, attendees, обязательные участники, erforderliche teilnehmer, обов'язкові учасники, "
        "wymagani uczestnicy, uczestnicy wymagani, pakolliset osallistujat"
    ),
    "organiser": (
        "meeting organizer, organizer, организатор собрания, организатор, besprechungsplanung, організатор наради, "
        "organizator spotkania, kokouksen järjestäjä"
    ),
}
"""Headings of tables that calendars are saved as."""
TRUE: Final = "true, 1, yes, истина, да, wahr, ja, prawda, tak, tosi, kyllä, так"
"""What says in such a table that an event is of whole days."""
