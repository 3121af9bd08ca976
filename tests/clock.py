"""The one clock of the tests: it stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Gives an instant, aware and in UTC."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Goes on, or back, by a span; returns where it is then."""
        self.now += timedelta(**by)
        return self.now

    def set(self, moment: datetime) -> None:
        """Steps to an instant."""
        self.now = moment.astimezone(UTC)
