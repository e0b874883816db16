"""From settings to the pure values: watch, rules, clocks, calendars, wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from inboxwatch.adapters import holidays, presets
from inboxwatch.adapters.program import program_mark
from inboxwatch.adapters.toml_file import read_toml
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.draw import Yardstick
from inboxwatch.application.wording import plural
from inboxwatch.domain.bodies import Body, Watch, body_for, is_within
from inboxwatch.domain.clocks import find_clock
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.rules import Rule
from inboxwatch.settings.model import RuleSettings, Settings


def watched_bodies(words: Iterable[str], known: Mapping[str, Body]) -> tuple[Body, ...]:
    """Return the bodies that `watch` names: by name, by domain, or by single addresses.

    Several addresses of one body make one body; with its domain among them all of it is watched.
    """
    chosen: dict[str, Body] = {}
    for word in words:
        place = word.strip().lower().lstrip("@")
        bare = body_for(place)
        domain = place.rpartition("@")[2]
        shipped = known.get(place) or next(
            (b for b in known.values() if any(is_within(domain, d) for d in b.domains)), None
        )
        body = bare if shipped is None else replace(shipped, watch_only=bare.watch_only)
        before = chosen.get(body.name)
        if before is not None:
            both = before.watch_only + body.watch_only
            narrow = before.watch_only and body.watch_only
            body = replace(body, watch_only=tuple(dict.fromkeys(both)) if narrow else ())
        chosen[body.name] = body
    successors = {b.successor for b in chosen.values() if b.successor} - chosen.keys()
    for name in sorted(s for s in successors if s in known):
        chosen[name] = known[name]
    return tuple(chosen.values())


def load_presets(settings: Settings) -> presets.Presets:
    """Return the shipped clocks and bodies with the user's own over them."""
    return presets.load(
        own_clocks=settings.clocks_file,
        own_bodies={
            name: body.model_dump(exclude_unset=True) for name, body in settings.bodies.items()
        },
    )


def watch_of(settings: Settings, person: str, known: Mapping[str, Body]) -> Watch:
    """Return whom a person's mail is watched for."""
    return Watch(
        bodies=watched_bodies(settings.watch, known),
        own_addresses=settings.own_addresses(person),
        systems=presets.systems(),
    )


def rules_of(settings: Settings, known: presets.Presets) -> tuple[Rule, ...]:
    """Return the rules in order, the default one last.

    Raises:
        ConfigError: a rules file is wrong, or a clock or calendar does not exist.
    """
    given = [*settings.rules, *_rules_file(settings.rules_file)]
    calendars = holidays.calendars(
        holiday_file=settings.holidays_file, term_file=settings.term_dates_file
    )
    faults = []
    for rule in given:
        try:
            find_clock(rule.clock, known.clocks)
        except ConfigError as error:
            faults.append(f"rule '{rule.name}': {error.problem}. {error.remedy}")
        if rule.calendar is not None and rule.calendar not in calendars:
            faults.append(f"rule '{rule.name}': there is no calendar '{rule.calendar}'")
        faults += [
            f"rule '{rule.name}': '{name}' is not a body" for name in rule.bodies if "." not in name
        ]
    if settings.calendar not in calendars:
        faults.append(f"calendar: there is no calendar '{settings.calendar}'")
    if faults:
        raise ConfigError(
            f"the rules have {len(faults)} mistake{'' if len(faults) == 1 else 's'}",
            remedy="Correct what is listed; `inboxwatch clocks` lists the clocks.",
            faults=tuple(faults),
        )
    find_clock(settings.after, known.clocks)
    return (
        *(
            Rule(
                name=rule.name,
                clock=rule.clock,
                calendar=rule.calendar,
                mailboxes=tuple(word.lower() for word in rule.mailboxes),
                bodies=rule.bodies,
                subject_words=rule.subject_words,
            )
            for rule in given
        ),
        Rule(name="default", clock=settings.after),
    )


def _rules_file(path: Path | None) -> list[RuleSettings]:
    if path is None:
        return []
    faults: list[str] = []
    table = read_toml(path, faults)
    faults += [
        f"{path}: {key}: unknown key; rules are written [[rules]]"
        for key in table
        if key != "rules"
    ]
    rules: list[RuleSettings] = []
    try:
        rules = TypeAdapter(list[RuleSettings]).validate_python(table.get("rules", []))
    except ValidationError as error:
        faults += [
            f"{path}: rules.{'.'.join(str(p) for p in e['loc'])}: {e['msg']}"
            for e in error.errors(include_url=False)
        ]
    if faults:
        raise ConfigError(
            f"the rules file {path} has {plural(len(faults), 'mistake')}",
            remedy="See config/rules.example.toml for its form.",
            faults=tuple(faults),
        )
    return rules


def yardstick_of(settings: Settings) -> Yardstick:
    """Return by what everything is judged.

    Raises:
        ConfigError: a file of the user's is wrong.
    """
    known = load_presets(settings)
    return Yardstick(
        wording=load_wording(settings.wording_folder),
        rules=rules_of(settings, known),
        clocks=known.clocks,
        calendars=holidays.calendars(
            holiday_file=settings.holidays_file, term_file=settings.term_dates_file
        ),
        calendar=settings.calendar,
        program=program_mark(),
    )


def check_files(settings: Settings) -> None:
    """Read every file that the settings name, so that mistakes show before they matter.

    Raises:
        ConfigError: one cannot be read or is wrong, or the one that signs a webhook is not named.
    """
    from inboxwatch.adapters.letters import TemplateLetters

    yardstick_of(settings)
    TemplateLetters(settings.letters_folder).check()
    for name, hook in settings.webhooks.items():
        if hook.secret is None and hook.secret_file is None:
            raise ConfigError(
                f"webhooks.{name}.secret_file: is missing, so nothing will be sent there",
                remedy="Name a file with the secret that signs its events; inboxwatch doctor says"
                " how to make one.",
            )


def known_bodies() -> dict[str, str]:
    """Return the titles of the bodies shipped, by domain."""
    return {
        domain: body.title for body in presets.load().bodies.values() for domain in body.domains
    }
