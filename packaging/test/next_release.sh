#!/bin/sh
# Builds the Debian package of a release to come, from a copy of these sources: version 99.0.0, with one more migration.
# Usage: packaging/test/next_release.sh FOLDER     the package is put there as next.deb; `make test-package` calls it
set -eu
cd "$(dirname "$0")/../.."
python=$(realpath -s "${PY:-.venv/bin/python}")
mkdir -p "$1"
target=$(realpath "$1")
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT INT TERM
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory="$copy"
cd "$copy"
sed -i 's/^__version__ = .*/__version__ = "99.0.0"/' duty_teller/__init__.py
last=$(find alembic/versions -name '[0-9]*.py' -printf '%f\n' | sort | tail -n 1 | cut -c 1-3)
cat >alembic/versions/999_next_release.py <<MIGRATION
import sqlalchemy as sa
from alembic import op

revision = "999"
down_revision = "$last"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("next_release", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("next_release")
MIGRATION
export PYTHONHASHSEED=1 SOURCE_DATE_EPOCH=1700000000 PYTHONPATH="$copy" PY="$python" DUTY_TELLER_FORMS=folder
"$python" -m PyInstaller --noconfirm --clean --log-level ERROR --workpath build/folder duty_teller.spec
packaging/deb/build.sh
mv dist/duty-teller_99.0.0_*.deb "$target/next.deb"
