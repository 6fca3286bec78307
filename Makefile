# The commands to remember: make run, make test, make check. Each sets up what it needs; a second run sets up nothing.
BIN := .venv/bin

.PHONY: run test check bench freeze deb windows portable package-check setup lock

run: setup
	$(BIN)/gongji --practice

# What starts the program as a process runs on another day than today: one of those in tests/another_day, each in its turn.
test: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist worksteal -m "not process"
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.another_day -n auto --dist worksteal -m process

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# All of it takes about ten minutes on a quiet machine; make bench PART=book measures one part (tests/bench/parts.py). Writes docs/speed.md.
bench: setup
	$(BIN)/python -m tests.bench $(PART)

# The program as a folder that needs no Python, for the system this runs on; it must pass its own test.
freeze: setup
	$(BIN)/pyinstaller --noconfirm --clean --log-level WARN --distpath dist --workpath build/freeze installers/pyinstaller/gongji.spec
	QT_QPA_PLATFORM=offscreen dist/gongji/gongji --selftest

# The installers, each from a bare machine, in dist/; installers/README.md tells what each needs and was tried on.
deb: setup
	@installers/linux/build.sh

windows: setup
	@installers/windows/build.sh

# The same two without an installer, as a folder in one file: make deb and make windows write them as well.
portable: deb windows

# Installs what make deb and make windows made into clean places and works with it there.
package-check: setup
	@installers/linux/clean_root.sh
	$(BIN)/python -m tests.installers.packages.linux
	$(BIN)/python -m tests.installers.packages.windows

# Every screen and state of the window as pictures in screenshots/, on screens of 1366x768 (also at 125 %) and 1280x720 (also at 150 %);
# and the manual's own pictures anew.
screenshots: setup
	$(BIN)/python -m tests.gui.screenshots screenshots/1366x768 1366x768
	$(BIN)/python -m tests.gui.screenshots screenshots/1280x720 1280x720
	QT_SCALE_FACTOR=1.25 $(BIN)/python -m tests.gui.screenshots screenshots/1366x768-125 1366x768
	QT_SCALE_FACTOR=1.5 $(BIN)/python -m tests.gui.screenshots screenshots/1280x720-150 1280x720
	$(BIN)/python -m tests.gui.manual_pictures resources/manual/pictures

setup:
	@installers/setup.sh

# Names, versions and hashes of everything make setup installs, for Linux and Windows, without addresses; and the same of
# what a bundle is frozen from, which is a part of it.
lock:
	uv pip compile pyproject.toml --extra dev --extra sm2 --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.lock
	uv pip compile pyproject.toml --extra freeze --extra sm2 --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --constraint requirements.lock \
	    --output-file requirements-freeze.lock
