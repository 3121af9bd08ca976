"""The words of roster files in Russian, English, Ukrainian, Polish, Finnish and German: data, no rules.

What a word does is decided where it is read; another language, or another word of one, is added here and nowhere else.
Words of a list are separated by commas, or by spaces where none of them has two words. All are compared in lower case.
"""

from typing import Final

from duty_teller.i18n.languages import ENGLISH, RUSSIAN

# -- days and months -----------------------------------------------------------------------------------------------

# Monday first, as `Typed.weekdays` has them; the forms of one day are separated by spaces. Single letters and what is
# a short name, too (`Sam`, `Dom`) stand apart: they count in the order of a week only.
WEEKDAYS: Final = {
    "ru": RUSSIAN.typed.weekdays,
    "uk": "пн понеділок|вт вівторок|ср середа|чт четвер|пт пятниця|сб субота|нд неділя",
    "en": ENGLISH.typed.weekdays,
    "pl": (
        "pn pon poniedziałek|wt wto wtorek|śr sr śro środa|cz czw czwartek|pt pt. pią piątek|so sob sobota|nd nie "
        "ndz "
        "niedz niedziela"
    ),
    "fi": "ma maanantai|ti tiistai|ke keskiviikko|to torstai|pe perjantai|la lauantai|su sunnuntai",
    "de": "mo montag|di dienstag|mi mittwoch|do donnerstag|fr freitag|sa samstag sonnabend|so sonntag",
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "es": "lunes|martes|miércoles miercoles|jueves|viernes|sábado sabado|domingo",
    "it": "lunedì lunedi|martedì martedi|mercoledì mercoledi|giovedì giovedi|venerdì venerdi|sabato|domenica",
    "pt": "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado|domingo",
    "nl": "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
    "sv": "måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag",
}
LETTERS: Final = {
    "ru": "п|в|с|ч|п|с|в",
    "uk": "п|в|с|ч|п|с|н",
    "en": "m|t|w|t|f|s|s",
    "de": "m|d|m|d|f|s|s",
    "pl": "p|w|ś|c|p|s|n",
    "fr": "l lun|m mar|m mer|j jeu|v ven|s sam|d dim",
    "es": "l lu lun|m ma mar|x mi mié mie|j ju jue|v vi vie|s sá sáb sab|d do dom",
    "it": "lu lun|ma mar|me mer|gi gio|ve ven|sa sab|do dom",
    "pt": "seg|ter|qua|qui|sex|sáb sab|dom",
    "nl": "ma maa|di din|wo woe|do don|vr vri|za zat|zo zon",
    "sv": "mån må|tis ti|ons on|tors to|fre fr|lör lö|sön sö",
}
# January first, beside those of the languages that the bot speaks.
MONTHS: Final = {
    "uk": (
        "січень січня січні|лютий лютого лютому|березень березня березні|квітень квітня квітні|травень травня травні|"
        "червень червня червні|липень липня липні|серпень серпня серпні|вересень вересня вересні|жовтень жовтня "
        "жовтні|листопад листопада листопаді|грудень грудня грудні"
    ),
    "pl": (
        "styczeń stycznia styczniu|luty lutego lutym|marzec marca marcu|kwiecień kwietnia kwietniu|maj maja maju|"
        "czerwiec czerwca czerwcu|lipiec lipca lipcu|sierpień sierpnia sierpniu|wrzesień września wrześniu|"
        "październik października październiku|listopad listopada listopadzie|grudzień grudnia grudniu"
    ),
    "fi": (
        "tammikuu tammikuun tammikuuta|helmikuu helmikuun helmikuuta|maaliskuu maaliskuun maaliskuuta|huhtikuu "
        "huhtikuun huhtikuuta|toukokuu toukokuun toukokuuta|kesäkuu kesäkuun kesäkuuta|heinäkuu heinäkuun heinäkuuta|"
        "elokuu elokuun elokuuta|syyskuu syyskuun syyskuuta|lokakuu lokakuun lokakuuta|marraskuu marraskuun "
        "marraskuuta|joulukuu joulukuun joulukuuta"
    ),
    "de": ("januar jän jänner|februar|märz|april|mai|juni|juli|august|september|oktober okt|november|dezember dez"),
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "es": ("enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre setiembre|octubre|noviembre|diciembre"),
    "it": ("gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"),
    "pt": "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
    "nl": "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
    "sv": "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december",
}
WEEK: Final = "недел\\w*|нед\\.|тиж\\w*|week|wk|kw|kalenderwoche|woche|viikko|vko|tydzień|tyg\\."
"""A pattern: what stands before or behind the number of a week."""

WEEK_BEGINS: Final = "of|beginning|commencing|starting|from|с|со|от|vom|ab|von|od|z|від|з|alkaen"
"""A pattern: words between the word week and its first day."""
BETWEEN: Final = "по|до|to|till|until|bis|do"
"""A pattern: words between the first and the last day, or the start and the end, of something."""
FROM: Final = "с|from"
"""A pattern: words before the start of something."""
ORDINAL: Final = "st|nd|rd|th|-?е|-?го|-?ое"
"""A pattern: what may stand behind the number of a day."""
YEAR: Final = r"г\.?|года|р\.?|року|r\.?|roku"
"""A pattern: what may stand behind a year."""
BESIDE_YEAR: Final = (
    "год года году г year jahr jahres rok roku рік року р на за for für для of the a на в in plan план plany "
    "duty duties on call дежурств дежурства дежурных чергувань dyżurów dyżury päivystys bereitschaft"
)
"""Small words of a title that holds the year and nothing else: `График дежурств на 2025 год`."""
NEXT_DAY: Final = (
    r"next day|след\.?(?:ующий)? день|след\.?(?:ующего)? дня|наступного дня|następny dzień|nächster tag|folgetag"
)
"""A pattern: what may stand in brackets behind times that end on the next day."""
DAY_WORD: Final = r"d|day|дн\.?|день|доба|tag|dzień"
"""A pattern: what may stand behind `+1`."""
CLOCK_WORDS: Final = {
    "12:00": "noon, midday, полдень, полудень, południe, mittag, keskipäivä, 12 noon, 12:00 noon",
    "00:00": "midnight, полночь, північ, północ, mitternacht, keskiyö, 12 midnight",
}
"""Words for times of the day."""
MEANS: Final = "это"
"""A pattern: words between a code and what it means."""
PHONE: Final = "тел|tel|моб|mob|phone"
"""A pattern: what stands before a phone number."""
ABOUT: Final = "for|für|для|на|в|in"
"""A pattern: words before what a duty is for."""

# -- what a cell can mean ------------------------------------------------------------------------------------------

# A word stands here only if it cannot mean anything else in a roster. A day off is the absence of duty (nothing to
# store); somebody who is ill cannot be called in.
MEANINGS: Final = {
    "duty": (
        "дежурство, дежурный, дежурная, дежурит, деж., on call, on-call, oncall, on duty, duty, чергування, "
        "черговий, "
        "чергова, dyżur, päivystys, bereitschaft, bereitschaftsdienst"
    ),
    "day": "день, дневная, дневная смена, day, day shift, dayshift, денна, денна зміна, dzień",
    "night": (
        "ночь, ночная, ночная смена, night, night shift, nightshift, ніч, нічна, нічна зміна, noc, nacht, "
        "nachtdienst, "
        "yö"
    ),
    "sick": (
        "больничный, больничный лист, болеет, болен, болезнь, sick, sick leave, лікарняний, chorobowe, sairaus, "
        "sairausloma, krank"
    ),
    "unavailable": "недоступен, недоступна, unavailable",
    "vacation": (
        "отпуск, ежегодный отпуск, annual leave, vacation, holiday leave, on leave, відпустка, urlop, loma, "
        "vuosiloma, urlaub"
    ),
    "nothing": "-, off, day off, выходной, выходной день, вых., вихідний, wolne, vapaa, frei",
}
# What a legend says with more words than a cell: the first word that is found decides.
LEGEND_MEANINGS: Final = {
    "nothing": (
        "выходной, выходные, выходных, отсыпной, отсыпной день, отгул, нерабочий, day off, days off, off, rest, "
        "rest day, free, not working, вихідний, вихідні, wolne, dzień wolny, wolny, vapaa, vapaapäivä, frei, "
        "freier tag, dienstfrei"
    ),
    "vacation": (
        "отпуск, ежегодный отпуск, очередной отпуск, отпуска, vacation, annual leave, leave, holiday, holidays, pto, "
        "відпустка, urlop, loma, vuosiloma, urlaub"
    ),
    "sick": (
        "больничный, больничный лист, болезнь, нетрудоспособность, sick, sick leave, illness, ill, лікарняний, "
        "хвороба, chorobowe, zwolnienie lekarskie, l4, sairausloma, sairaus, krank, krankheit"
    ),
    "unavailable": (
        "недоступен, командировка, учёба, учеба, обучение, курсы, unavailable, business trip, training, away, "
        "absent, відрядження, навчання, delegacja, szkolenie, koulutus, dienstreise, fortbildung, schulung"
    ),
    "night": "ночь, ночная, ночная смена, ночное дежурство, night, night shift, night duty, ніч, нічна, нічна зміна, "
    "noc, nocna, nocka, zmiana nocna, dyżur nocny, yö, yövuoro, nacht, nachtdienst, nachtschicht",
    "day": "день, дневная, дневная смена, дневное дежурство, day, day shift, day duty, денна, денна зміна, dzień, "
    "dzienna, zmiana dzienna, dyżur dzienny, päivä, päivävuoro, tag, tagdienst, tagschicht",
    "duty": (
        "дежурство, дежурный, дежурит, сутки, суточная, суточное дежурство, суточная смена, круглосуточно, duty, "
        "on duty, on call, on-call, oncall, 24h, 24 h, 24/7, around the clock, 24 h duty, 24h duty, чергування, "
        "добове чергування, черговий, доба, добова, "
        "dyżur, dyżur całodobowy, dyżur 24h, doba, päivystys, päivystää, vuorokausipäivystys, 24-h-dienst, "
        "24h-dienst, bereitschaft, bereitschaftsdienst, dienst"
    ),
}
# Hours that a part of the day usually has, offered as the first answers about it.
USUAL_HOURS: Final = {
    ("08:00-16:00", "07:00-15:00"): "morning, early, утро, утренняя, ранок, ranek, rano, aamu, früh, frühdienst",
    ("16:00-24:00", "15:00-23:00"): "evening, late, вечер, вечерняя, вечір, wieczór, ilta, spät, spätdienst",
    ("20:00-08:00", "00:00-08:00", "22:00-06:00"): "night, ночь, ночная, ніч, noc, yö, nacht, nachtdienst",
}
TICKS: Final = "+ x х v ✓ ✔ * ● • yes да так tak kyllä ja"
"""Cells that say only that somebody has the shift of the column or row."""

# Short codes with a usual meaning: offered as the first answer in a file of the language, never taken without a yes.
# What teams use for different things (Р, S, F, L) does not stand here.
USUAL_CODES: Final = {
    "ru": {
        "day": "д, дн",
        "night": "н, нч",
        "duty": "с, сут",
        "vacation": "о, от, отп",
        "sick": "б, бл, бол",
        "unavailable": "к, ком",
        "nothing": "в, вых",
    },
    "uk": {"day": "д", "night": "н", "vacation": "від, відп", "sick": "л, лк", "nothing": "вих"},
    "en": {
        "day": "d",
        "night": "n",
        "duty": "oc",
        "vacation": "v, vac, al, pto",
        "sick": "sl",
        "nothing": "do, rd",
    },
    "de": {"day": "t", "night": "n", "duty": "bd", "vacation": "u", "sick": "k"},
    "pl": {"day": "d", "night": "n", "vacation": "u, uw", "sick": "l4, ch", "nothing": "w"},
}
# Letters that only names of the language have.
OWN_LETTERS: Final = {"uk": "іїєґ", "pl": "ąćęłńśźż", "de": "üß"}

DITTO: Final = '" „ “ ” » « \'\' ,, 〃 -"- -„- -“- -”- -//- —"— —//— –"– –//– -||- -′′-'
"""Signs for: the same as above."""
DITTO_WORDS: Final = (
    "same, same as above, as above, ditto, idem, id, то же, тоже, тот же, та же, те же, он же, она же, так же, "
    "той самий, та сама, те саме, jw, j.w, jak wyżej, sama, kuten yllä, dto, s.o, wie oben"
)
"""Words for it."""

# -- headings ------------------------------------------------------------------------------------------------------

SHIFTS: Final = {
    "ru": (
        "смена смены дежурство утро утром утренняя вечер вечером вечерняя ночь ночная ночью день дневная днём днем "
        "первая вторая третья четвёртая четвертая сутки суточная"
    ),
    "en": (
        "morning afternoon evening night day early late shift shifts i ii iii iv first second third the 1st 2nd 3rd "
        "nights days am pm"
    ),
    "uk": "зміна ранок ранкова вечір вечірня ніч нічна денна перша друга третя",
    "pl": "zmiana ranek rano ranna popołudnie wieczór noc nocna dzień dzienna pierwsza druga trzecia",
    "fi": "vuoro aamu aamuvuoro ilta iltavuoro yö yövuoro päivä päivävuoro",
    "de": (
        "schicht früh frühdienst frühschicht spät spätdienst spätschicht nacht nachtdienst nachtschicht tag "
        "tagdienst "
        "tagschicht"
    ),
}
JOBS: Final = "officer doctor nurse team manager engineer support врач медсестра инженер"
"""Roles that do not tell how long somebody is on duty."""
ROLES: Final = {
    "en": (
        "primary secondary tertiary backup back-up main oncall on-call on call duty lead shadow escalation line tier "
        "level"
    ),
    "ru": (
        "основной основная резерв резервный резервная запасной старший старшая дежурный дежурная дежурные "
        "ответственный ответственная линия"
    ),
    "uk": "черговий основний резервний",
    "pl": "dyżurny dyżurna główny zapasowy zastępca zastępczyni rezerwa rezerwowy rezerwowa",
    "fi": "päivystäjä varapäivystäjä takapäivystäjä varalla",
    "de": "bereitschaft vertretung ersatz hintergrund",
}
BEGINS: Final = (
    "с, со, from, start, begin, begins, начало, початок, від, з, od, początek, von, ab, beginn, anfang, alkaa, "
    "alkaen, "
    "klo alkaen, alku, in, приход, пришёл, пришел, старт, start time, время начала"
)
ENDS: Final = (
    "до, по, to, till, until, end, ends, конец, окончание, кінець, do, koniec, bis, ende, päättyy, asti, klo asti, "
    "loppu, out, уход, ушёл, ушел, end time, время окончания"
)
HOURS: Final = (
    "часы, часов, час, ч, кол-во часов, количество часов, hours, hrs, hour, h, hr, total hours, "
    "годин, години, год, godziny, godz, liczba godzin, "
    "stunden, std, tunnit, tuntia, итого, итого часов, всего, total, razem, разом, summe, yhteensä"
)
PLAN: Final = (
    "план, плановая, плановый, по плану, график, plan, planned, scheduled, schedule, графік, planowany, soll, "
    "suunnitelma, suunniteltu"
)
FACT: Final = (
    "факт, фактически, фактическая, по факту, табель, fact, actual, actually, worked, real, фактично, fakt, "
    "rzeczywisty, wykonanie, ist, toteuma, toteutunut"
)
EXTRA: Final = (
    "доп, доп., доп смена, доп. смена, дополнительно, дополнительная смена, допсмена, подработка, переработка, "
    "extra, "
    "extra shift, additional, overtime, додатково, додаткова зміна, dodatkowo, dodatkowa zmiana, nadgodziny, zusatz, "
    "zusatzschicht, zusätzlich, lisävuoro, lisä"
)
# Patterns of headings of a list's columns, tried in this order.
DATE_LABEL: Final = (
    r"(?:дата|дати|день|дни|число|числа|date|day|dates|data|dzień|dnia|pvm|päivä|päivämäärä|datum|tag)\b.*"
)
OTHER_DATE: Final = (
    r".*(?:рожд|birth|hire|приём|прием|updated|created|измен|создан|urodz|geburt|last |послед|остан|ostatni|letzt|"
    r"viimei|состав|утвержд|drawn|approv|подпис|signed).*"
)
LABELS: Final = {
    "note": (
        r"примечани.*|комментари.*|заметк.*|notes?|comments?|remarks?|примітк.*|коментар.*|нотатк.*|uwagi|komentarz.*|"
        r"notatk.*|bemerkung.*|anmerkung.*|kommentar.*|notiz.*|huomautu.*|huom\.?|kommentti.*|lisätie.*"
    ),
    "ignored": (
        r"№.*|week|wk|kw|неделя|тиждень|tydzień|viikko|woche|n|no|nr|#|id|п/п|lp|часы|часов|кол-во.*|hours?|duration|"
        r"длительность|итог.*|total.*|должность|title|timezone|time zone|weekday|день недели|stunden|godziny razem|"
        r"tunnit|годин|"
        r"sr\.? ?no|s\.? ?no|nro|lfd\.? ?nr|таб.*|tab.*|emp.? ?id.*|pers\.?-?nr.*|nr ewid.*|henkilönro|№ з/п|"
        r"посада|stanowisko|"
        r"funktion|tehtävä|nimike|job title|initials|kürzel|skrót|lyhenne|скорочено|кратко|место.*|place|location|"
        r"причин.*|reason.*|grund|powód|syy|(?:schedule|user|person|employee|member|shift|event|team) id|theme colou?r|"
        r"custom label|shared|(?:is )?override|unpaid break.*|break.*|перерыв.*|"
        r"ort|miejsce|paikka|місце.*|кабинет.*|room|адрес.*|address"
    ),
    "type": (
        r"тип.*|вид.*|код|code|type|kind|event.?type|status|статус|typ|rodzaj|art|tyyppi|событие|event|shift|смена|"
        r"зміна|zmiana|vuoro|schicht|dienst"
    ),
    "role": (
        r"роль|role|position|позиция|уровень|level|линия|line|tier|отделение|отдел|department|team|пост|группа|group|"
        r"команда|rola|poziom|rolle|rooli|schedule(?: name)?|rotation|escalation.*|слой|layer"
    ),
    "phone": r"(?:тел|моб|конт|phone|mobile|tel|cell|contact|puhelin|komórka|handy|rufnummer).*",
    "email": r"(?:(?:user |work )?e-?mail|почта|эл\. ?почта|mail|sähköposti|пошта).*",
    "username": r"(?:telegram|username|телеграм|ник|nick|login|логин|tg).*",
    "begins": (
        r"(?:с|from|start|begin|начало|початок|від|з|od|początek|von|ab|beginn|anfang|alkaa|alkaen|klo alkaen|alku|"
        r"(?:on.?call|shift|rotation|duty) (?:starts?|begins?|from))(?:\b.*)?"
    ),
    "ends": (
        r"(?:до|по|to|till|until|end|конец|окончание|кінець|do|koniec|bis|ende|päättyy|asti|klo asti|loppu|"
        r"(?:on.?call|shift|rotation|duty) (?:ends?|until|to))(?:\b.*)?"
    ),
}
NAME_LABEL: Final = (
    r"ф\.? ?и\.? ?о\b.*|фамили.*|имя\b.*|отчество|сотрудник.*|работник.*|дежурн\S*(?: врач\S*| инженер\S*|"
    r" сотрудник\S*| администратор\S*| учител\S*)?|врач\S*|"
    r"чергов\S*(?: лікар\S*)?|(?:lekarz )?dyżurn\w*|diensthabend\w*|päivystäjä|(?:full |first |last |staff |"
    r"employee |family )?name.*|"
    r"surname.*|employees?|staff|person|people|members?|users?(?: name)?|responders?|"
    r"assignees?|on.?call (?:engineer|person|user|responder|staff)|engineer|"
    r"teacher|учител\S*.*|админ\S*|піб|п\.і\.б\.?|прізвище.*|"
    r"imię.*|"
    r"nazwisko.*|pracownik.*|(?:suku|etu)?nimi|työntekijä|mitarbeiter.*|vorname.*|nachname.*|працівник.*"
)
PART_LABEL: Final = (
    r"фамилия|имя|отчество|(?:first|last|family) name|surname|прізвище|імя|ім'я|imię|nazwisko|sukunimi|etunimi|"
    r"vorname|"
    r"nachname"
)
REPLACEMENT: Final = (
    r"(?:замена|замены|замещение|замещает|заменил\w*|заменяет|заменяющ\w*|кто заменяет|подмена|подменяет|replacements?|"
    r"replaced by|substitute|swap|swapped with|covered by|cover|sub|заміна|замінює|zmiana osoby|zastępuje|zamiana|"
    r"ersetzt durch|ersatz|tausch|sijainen)\b.*"
)
"""A column that says who is on duty instead."""
UNIT: Final = (
    r"schedule(?: name)?|rotation|teams?|departments?|groups?|отдел\w*|отделение|группа|команда|подразделение|бригада"
)
"""A column of the names of teams and schedules, whatever they look like, where another one is headed by names."""
DAYS_LABEL: Final = (
    r"(?:дни|даты|числа|дни дежурств\w*|даты дежурств\w*|дежурства|дні|дати|duty days|days|dates|on call|on duty|"
    r"days on (?:duty|call)|dyżury|dni|daty|dienste|diensttage|tage|päivystyspäivät|termine|vuorot|päivät)\b.*"
)
"""A column that lists the days of a person."""
TOTAL: Final = (
    r"(?:итог\S*|всего|всього|усього|разом|suma|razem|ogółem|łącznie|totals?|sub-?totals?|grand total|gesamt\w*|"
    r"yhteensä|"
    r"summa|кол-во|количество|кількість|liczba|anzahl|отработано|відпрацьовано|hours|часов|годин|godzin\w*|stunden|"
    r"tunnit|tunteja)\b.*|sum|summe|норма(?: часов| времени| дней| годин)?|норма год\.?|покрытие|headcount|coverage"
)
LEGEND: Final = (
    r"(?:условные обозначения|обозначения|легенда|расшифровка|примечани[ея]|умовні позначення|позначення|примітк\S*|"
    r"legend\S*|key|notes?|"
    r"legenda|objaśnienia|uwagi|selitteet|selite|huom\w*|legende|erläuterung\w*|bemerkung\w*|hinweis\w*)\b.*"
)
SIGNATURE: Final = (
    r"(?:составил\w*|утвержда\w*|утверждено|согласован\w*|ознакомлен\w*|подпис[ьи]|исполнитель|m\.?п\.|prepared by|"
    r"approved(?: by)?|signature|склав|склала|затверджую|погоджено|підпис\w*|sporządził\w*|zatwierdził\w*|podpis|"
    r"laati\w*|hyväksy\w*|allekirjoitus|erstellt|genehmigt|unterschrift|дата составления|date of issue)\b.*"
)
"""Who made or approved a roster: below a table nobody comes after that."""

SIGNER: Final = (
    r"(?:зав\b|зав\.|заведующ\w*|главн\w+ (?:врач|медсестра|инженер)|старш\w+ медсестра|начальник|директор|"
    r"руководитель|диспетчер|head|manager|director|supervisor|завідувач\w*|керівник|kierownik|ordynator|dyrektor|"
    r"leiter\w*|chefarzt|"
    r"chefärztin|esimies|osastonhoitaja|johtaja)\b.*"
)
