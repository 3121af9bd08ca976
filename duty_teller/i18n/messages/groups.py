"""Texts of groups."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "groups.off_kicked": {
        "ru": "Меня удалили из группы «{title}», закреплённое сообщение там больше не обновляется. Верните меня в группу — и оно оживёт само.",
        "en": "I was removed from “{title}”: the pinned message there is no longer kept up to date. Add me back and it comes back by itself.",
    },
    "groups.off_not_member": {
        "ru": "Меня больше нет в группе «{title}», закреплённое сообщение там не обновляется. Верните меня в группу — и оно оживёт само.",
        "en": "I am no longer in “{title}”: the pinned message there is not kept up to date. Add me back and it comes back by itself.",
    },
    "groups.off_no_write": {
        "ru": "В группе «{title}» мне нельзя писать, дежурные там больше не видны. Разрешите мне отправлять сообщения и напишите в группе /refresh_pin.",
        "en": "I may not write in “{title}”: who is on duty is no longer shown there. Let me send messages and send /refresh_pin there.",
    },
    "groups.off_no_pin": {
        "ru": "В группе «{title}» мне нельзя закреплять сообщения. Дайте мне право «Закрепление сообщений» — я закреплю сам.",
        "en": "I may not pin messages in “{title}”. Give me the right “Pin messages” and I pin by myself.",
    },
    "groups.off_topic_closed": {
        "ru": "В группе «{title}» закрыта тема с закреплённым сообщением. Откройте её — и я продолжу сам.",
        "en": "The topic with the pinned message in “{title}” is closed. Reopen it and I go on by myself.",
    },
    "groups.off_topic_deleted": {
        "ru": "В группе «{title}» удалена тема с закреплённым сообщением. Напишите /pin_duty в другой теме этой группы.",
        "en": "The topic with the pinned message in “{title}” was deleted. Send /pin_duty in another topic of that group.",
    },
    "groups.off_chat_gone": {
        "ru": "Группы «{title}» больше нет. В новой группе напишите /pin_duty.",
        "en": "The group “{title}” is gone. In a new group, send /pin_duty.",
    },
    "groups.digest_refused": {
        "ru": "Сводка в группе «{title}» не отправилась, я её отключил: мне нельзя туда писать, либо закрыта или удалена её тема, либо нет самой группы. Когда всё будет в порядке, включите сводку снова.",
        "en": "The digest for “{title}” could not be posted, so I switched it off: I may not write there, its topic is closed or deleted, or the group is gone. When all is well, switch it on again.",
    },
    "groups.added": {
        "ru": "{who} добавляет меня в группу «{title}». Пока вы не разрешите, я там молчу.",
        "en": "{who} added me to “{title}”. I stay silent there until you trust it.",
    },
    "groups.you_added": {
        "ru": "Вы добавили меня в группу «{title}». Пока вы не разрешите, я там молчу.",
        "en": "You added me to “{title}”. I stay silent there until you trust it.",
    },
    "groups.trust_and_pin": {
        "ru": "✅ Доверять и закрепить",
        "en": "✅ Trust and pin",
    },
    "groups.leave": {
        "ru": "Выйти из группы",
        "en": "Leave the group",
    },
    "groups.left": {
        "ru": "Вышел из группы.",
        "en": "I left the group.",
    },
    "groups.pinned": {
        "ru": "Готово: закрепил.",
        "en": "Done: it is pinned.",
    },
    "groups.cannot_write": {
        "ru": "Там мне нельзя писать. Проверьте, что я в группе и могу отправлять сообщения.",
        "en": "I can't write there. Check that I am in the group and may send messages.",
    },
    "groups.why_kicked": {"ru": "меня удалили из группы", "en": "I was removed"},
    "groups.why_not_member": {"ru": "меня нет в группе", "en": "I am not in the group"},
    "groups.why_no_write": {"ru": "мне нельзя писать", "en": "I may not write"},
    "groups.why_no_pin": {"ru": "мне нельзя закреплять сообщения", "en": "I may not pin messages"},
    "groups.why_topic_closed": {"ru": "тема закрыта", "en": "the topic is closed"},
    "groups.why_topic_deleted": {"ru": "тема удалена", "en": "the topic was deleted"},
    "groups.why_chat_gone": {"ru": "группы больше нет", "en": "the group is gone"},
    "groups.cannot_write_in": {
        "ru": "В группе «{title}» мне нельзя писать. Разрешите мне отправлять сообщения — и закреплённое сообщение появится само.",
        "en": "I may not write in “{title}”. Let me send messages there, and the pinned message appears by itself.",
    },
    "groups.settings": {
        "ru": "Сводка и язык этой группы:",
        "en": "This group's digest and language:",
    },
    "groups.trusted": {
        "ru": "Теперь я отвечаю здесь всем участникам. Закрепить дежурных: /pin_duty.\nСводка и язык группы:",
        "en": "I now answer everybody here. To pin who is on duty: /pin_duty.\nThe group's digest and language:",
    },
    "groups.not_trusted": {
        "ru": "Этой группе я и так не отвечаю. Начать: /trust_group.",
        "en": "I don't answer in this group. To begin: /trust_group.",
    },
    "groups.untrust_ask": {
        "ru": "Снять закреплённые сообщения и замолчать в этой группе?",
        "en": "Take the pinned messages down and be silent in this group?",
    },
    "groups.untrust_yes": {
        "ru": "Да, замолчать",
        "en": "Yes, be silent",
    },
    "groups.untrusted": {
        "ru": "Сделано. Здесь я больше не отвечаю.",
        "en": "Done. I no longer answer here.",
    },
    "groups.pin_which": {
        "ru": "Какой график закрепить?",
        "en": "Which roster shall I pin?",
    },
    "groups.unpin_which": {
        "ru": "Что открепить?",
        "en": "Which one shall I unpin?",
    },
    "groups.all": {
        "ru": "Все",
        "en": "All",
    },
    "groups.no_longer_kept": {
        "ru": "Это сообщение больше не обновляется. Кто дежурит, скажет /duty.",
        "en": "This message is no longer kept up to date. /duty tells who is on duty.",
    },
    "groups.unpinned": {
        "ru": "Открепил.",
        "en": "It is unpinned.",
    },
    "groups.digest_off": {
        "ru": "Без сводки",
        "en": "No digest",
    },
    "groups.digest_weekly": {
        "ru": "Сводка по понедельникам",
        "en": "Digest on Mondays",
    },
    "groups.digest_handover": {
        "ru": "Сообщение при каждой смене",
        "en": "A message at each hand-over",
    },
    "groups.digest_set": {
        "ru": "Запомнил.",
        "en": "Noted.",
    },
    "groups.language_set": {
        "ru": "В этой группе я пишу по-русски.",
        "en": "I write English in this group.",
    },
    "groups.file_in_private": {
        "ru": "Файл с графиком пришлите мне в личный чат: {link}",
        "en": "Send me the roster file in our private chat: {link}",
    },
}
