"""The people of a file: who is the same person, and what else the file says of them."""

import re
from typing import Final

from duty_teller.importers.model import Contact
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.text import clean, fold_name
from duty_teller.utils.user import split_username

EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
PHONE: Final = re.compile(r"(?<![\w@+])\+?\d(?:[ ().-]{0,2}\d){6,14}(?!\w)")
_EMPTY_BRACKETS: Final = re.compile(rf"[(<\[]\s*(?:(?:{lexicon.PHONE})\.?:?)?\s*[)>\]]", re.IGNORECASE)
_NOBODY: Final = Contact()


def split_contact(text: str) -> tuple[str, Contact]:
    """Takes @username, e-mail and phone out of a name as people write it; what is left may be empty."""
    email = EMAIL.search(text)
    rest = EMAIL.sub(" ", text)
    phone = PHONE.search(rest)
    rest = PHONE.sub(" ", rest)
    plain, username = split_username(_EMPTY_BRACKETS.sub(" ", rest))
    if username and plain.casefold() == f"@{username}":
        plain = ""
    plain = re.sub(rf"(?:\b(?:{lexicon.PHONE})\.?:?\s*)+$", "", clean(plain), flags=re.IGNORECASE)
    return plain.strip(" ,;:-–—/|*"), Contact(username, email and email[0].lower(), phone and phone[0].strip())


class People:
    """Everybody of a file, each under the name it has at the first place."""

    def __init__(self) -> None:
        self.contacts: dict[str, Contact] = {}
        self._names: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All names in the order of the file."""
        return tuple(dict.fromkeys(self._names.values()))

    def __len__(self) -> int:
        return len(self._names)

    def add(self, text: str, extra: Contact = _NOBODY) -> str:
        """Returns the name of a person.

        Args:
            text: As the file has it: a name, and maybe @username, e-mail, phone; or only one of these.
            extra: What other cells say of that person.
        """
        if not extra and (known := self._seen.get(text)) is not None:
            return known
        plain, own = split_contact(text)
        contact = own.filled(extra)
        plain = plain or (f"@{own.username}" if own.username else "") or own.email or own.phone or clean(text)
        key = fold_name(plain)
        name = self._names.get(key)
        if name is not None and self._is_other(name, contact):
            key = f"{key} @{contact.username}"
            name = self._names.get(key)
        if name is None:
            shown = f"{plain} @{contact.username}" if contact.username and "@" not in plain else plain
            name = self._names[key] = shown
        if contact:
            self.contacts[name] = self.contacts.get(name, _NOBODY).filled(contact)
        if not extra:
            self._seen[text] = name
        return name

    def _is_other(self, name: str, contact: Contact) -> bool:
        """Tells whether somebody of the same name is another person: they have different @usernames."""
        known = self.contacts.get(name, _NOBODY).username
        return bool(known and contact.username and known != contact.username)
