"""Texts of groups."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "groups.off_kicked": {
        "ru": "Меня удалили из группы «{title}», закреплённое сообщение там больше не обновляется. Верните меня — и оно снова заработает само.",
        "en": "I was removed from “{title}”, so the pinned message there no longer updates. Add me back and it will work again by itself.",
    },
    "groups.off_not_member": {
        "ru": "Меня больше нет в группе «{title}», закреплённое сообщение там не обновляется. Верните меня — и оно снова заработает само.",
        "en": "I'm no longer in “{title}”, so the pinned message there doesn't update. Add me back and it will work again by itself.",
    },
    "groups.off_no_write": {
        "ru": "В группе «{title}» мне нельзя писать, дежурные там больше не видны. Разрешите мне отправлять сообщения и напишите в группе /refresh_pin.",
        "en": "I can't write in “{title}”: nobody there sees who is on duty. Let me send messages, then send /refresh_pin in the group.",
    },
    "groups.off_no_pin": {
        "ru": "В группе «{title}» я не могу закреплять сообщения. Дайте мне право «Закрепление сообщений» — я закреплю сам.",
        "en": "I can't pin messages in “{title}”. Give me the right “Pin messages” and I'll pin by myself.",
    },
    "groups.off_topic_closed": {
        "ru": "В группе «{title}» закрыта тема с закреплённым сообщением. Откройте её — и я продолжу сам.",
        "en": "The topic with the pinned message in “{title}” is closed. Reopen it and I'll continue by myself.",
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
        "ru": "Не получилось отправить сводку в группу «{title}», я её отключил. Либо мне нельзя туда писать, либо закрыта или удалена тема, либо нет самой группы. Исправите — включите сводку снова.",
        "en": "I couldn't post the digest in “{title}”, so I turned it off. Either I can't write there, its topic is closed or deleted, or the group is gone. Once that's fixed, turn it on again.",
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
        "ru": "Закрепил.",
        "en": "Pinned.",
    },
    "groups.cannot_write": {
        "ru": "Там мне нельзя писать. Проверьте, что я в группе и могу отправлять сообщения.",
        "en": "I can't write there. Check that I'm in the group and allowed to send messages.",
    },
    "groups.why_kicked": {"ru": "меня удалили из группы", "en": "I was removed"},
    "groups.why_not_member": {"ru": "меня нет в группе", "en": "I am not in the group"},
    "groups.why_no_write": {"ru": "я не могу писать", "en": "I can't write"},
    "groups.why_no_pin": {"ru": "я не могу закреплять сообщения", "en": "I can't pin messages"},
    "groups.why_topic_closed": {"ru": "тема закрыта", "en": "the topic is closed"},
    "groups.why_topic_deleted": {"ru": "тема удалена", "en": "the topic was deleted"},
    "groups.why_chat_gone": {"ru": "группы больше нет", "en": "the group is gone"},
    "groups.cannot_write_in": {
        "ru": "Я не могу писать в группе «{title}». Разрешите мне отправлять сообщения — и закреплённое сообщение появится само.",
        "en": "I can't write in “{title}”. Let me send messages there, and the pinned message will appear by itself.",
    },
    "groups.settings": {
        "ru": "Сводка, язык и тег дежурного в этой группе:",
        "en": "This group's digest, language and duty tag:",
    },
    "groups.trusted": {
        "ru": "Теперь я отвечаю здесь всем участникам. Закрепить сообщение с дежурными: /pin_duty.\nСводка, язык и тег дежурного в группе:",
        "en": "I now answer everybody here. To pin a message with who is on duty: /pin_duty.\nThe group's digest, language and duty tag:",
    },
    "groups.not_trusted": {
        "ru": "В этой группе я и так не отвечаю. Начать: /trust_group.",
        "en": "I don't answer in this group. To start: /trust_group.",
    },
    "groups.untrust_ask": {
        "ru": "Открепить мои сообщения и больше не отвечать в этой группе?",
        "en": "Unpin my messages and stop answering in this group?",
    },
    "groups.untrust_yes": {
        "ru": "Да, больше не отвечать",
        "en": "Yes, stop answering",
    },
    "groups.untrusted": {
        "ru": "Готово. Здесь я больше не отвечаю.",
        "en": "Done. I no longer answer here.",
    },
    "groups.pin_which": {
        "ru": "Какой график закрепить?",
        "en": "Which roster do you want to pin?",
    },
    "groups.unpin_which": {
        "ru": "Что открепить?",
        "en": "Which one do you want to unpin?",
    },
    "groups.all": {
        "ru": "Все",
        "en": "All",
    },
    "groups.no_longer_kept": {
        "ru": "Это сообщение больше не обновляется. Кто дежурит: /duty",
        "en": "This message is no longer updated. To see who is on duty: /duty",
    },
    "groups.unpinned": {
        "ru": "Открепил.",
        "en": "Unpinned.",
    },
    "groups.tag": {"ru": "дежурит", "en": "on duty"},
    "groups.tag_on": {"ru": "🏷 Отмечать дежурного", "en": "🏷 Tag who is on duty"},
    "groups.tag_off": {"ru": "Не отмечать", "en": "No tag"},
    "groups.tag_wanted": {
        "ru": "Хорошо: у дежурного в этой группе будет тег «дежурит», после смены вернётся прежний. Для этого мне нужно право менять теги участников. У администраторов группы тегов не бывает.",
        "en": "All right: whoever is on duty gets the tag “on duty” in this group, and their own back after the shift. I need the right to manage member tags for that. Admins of the group can't have tags.",
    },
    "groups.tag_unwanted": {
        "ru": "Хорошо, больше никого не отмечаю и возвращаю прежние теги.",
        "en": "All right, no more tags; I give back what people had.",
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
