"""Writes a Dovecot configuration for 2.3 (Debian 12) or 2.4 (Debian 13), which renamed nearly all.

Decides settings only; starts nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import Certificates
from tests.servers.programs import Identity

# Folders that get their special use (RFC 6154) as soon as they are created by this name.
SPECIAL_USE: Mapping[str, str] = {
    "Sent": r"\Sent",
    "Drafts": r"\Drafts",
    "Junk": r"\Junk",
    "Trash": r"\Trash",
    "Archive": r"\Archive",
    "Outgoing": r"\Sent",  # a name that only its flag explains
}

_MAIL_PATHS = {"maildir": "~/Maildir", "mdbox": "~/mdbox", "sdbox": "~/sdbox"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one instance is to be."""

    version: tuple[int, ...]  # as `dovecot --version` says, for example (2, 3, 19)
    folder: Path
    ports: tuple[int, int]  # plain (with STARTTLS), implicit TLS
    certificates: Certificates
    mail_format: str  # maildir, mdbox or sdbox
    separator: str
    special_use: Mapping[str, str]
    oauth2: bool
    connections: int
    mail_owner: Identity
    rootless: tuple[str, str] | None  # our user's and group's names when we are not root


def configuration(plan: Plan) -> str:
    """The whole of dovecot.conf. Each brace stands at a line's end: 2.3 reads it no other way."""
    parts = [_modern(plan) if plan.version >= (2, 4) else _classic(plan)]
    parts += [_common(plan), _services(plan), _namespace(plan)]
    return "\n".join(parts)


def oauth2_settings(plan: Plan) -> str:
    """The file that 2.3 wants its OAuth2 settings in."""
    return (
        "introspection_mode = local\n"
        f"local_validation_key_dict = fs:posix:prefix={plan.folder}/keys/\n"
        "username_attribute = email\n"
    )


def _common(plan: Plan) -> str:
    mechanisms = "plain login" + (" oauthbearer xoauth2" if plan.oauth2 else "")
    return f"""\
base_dir = {plan.folder}/run
state_dir = {plan.folder}/state
log_path = {plan.folder}/log
listen = 127.0.0.1
ssl = yes
auth_mechanisms = {mechanisms}
auth_failure_delay = 0 secs
first_valid_uid = 1
mail_max_userip_connections = {plan.connections}
default_client_limit = {2 * plan.connections + 200}
default_process_limit = {plan.connections + 100}
mail_fsync = never
"""


def _classic(plan: Plan) -> str:
    owner = plan.mail_owner
    oauth2 = f"""\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {plan.folder}/oauth2.conf.ext
}}
"""
    return f"""\
protocols = imap
disable_plaintext_auth = no
ssl_cert = <{plan.certificates.certificate}
ssl_key = <{plan.certificates.key}
mail_location = {plan.mail_format}:{_MAIL_PATHS[plan.mail_format]}
{oauth2 if plan.oauth2 else ""}\
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {plan.folder}/users/%u
}}
userdb {{
  driver = static
  args = uid={owner.uid} gid={owner.gid} home={plan.folder}/mail/%u allow_all_users=yes
}}
"""


def _modern(plan: Plan) -> str:
    owner = plan.mail_owner
    version = ".".join(map(str, plan.version[:3]))
    oauth2 = f"""\
oauth2 {{
  introspection_mode = local
  username_attribute = email
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = {plan.folder}/keys/
      }}
    }}
  }}
}}
"""
    return f"""\
dovecot_config_version = {version}
dovecot_storage_version = {version}
protocols {{
  imap = yes
}}
auth_allow_cleartext = yes
ssl_server_cert_file = {plan.certificates.certificate}
ssl_server_key_file = {plan.certificates.key}
mail_driver = {plan.mail_format}
mail_path = {_MAIL_PATHS[plan.mail_format]}
mail_home = {plan.folder}/mail/%{{user}}
mail_uid = {owner.uid}
mail_gid = {owner.gid}
{oauth2 if plan.oauth2 else ""}\
passdb passwd-file {{
  passwd_file_path = {plan.folder}/users/%{{user}}
  default_password_scheme = PLAIN
}}
userdb static {{
  static_allow_all_users = yes
}}
"""


def _services(plan: Plan) -> str:
    plain, tls = plan.ports
    # A failed login must not make the next test's login wait.
    penalty = """\
  unix_listener anvil-auth-penalty {
    mode = 0
  }
"""
    # One login process for all connections, not one each.
    kept = "restart_request_count = unlimited" if plan.version >= (2, 4) else "service_count = 0"
    unchrooted = "  chroot =\n" if plan.rootless else ""
    ourselves = ""
    if plan.rootless:
        user, group = plan.rootless
        ourselves = (
            f"default_internal_user = {user}\ndefault_login_user = {user}\n"
            f"default_internal_group = {group}\n"
        )
    return f"""\
{ourselves}\
service imap {{
  process_limit = {plan.connections + 100}
}}
service anvil {{
{unchrooted}{penalty}}}
service imap-login {{
{unchrooted}  {kept}
  process_min_avail = 1
  client_limit = {plan.connections}
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
"""


def _namespace(plan: Plan) -> str:
    lines = ["namespace inbox {", "  inbox = yes", f"  separator = {plan.separator}"]
    for name, use in plan.special_use.items():
        lines += [f'  mailbox "{name}" {{', f"    special_use = {use}", "  }"]
    return "\n".join([*lines, "}", ""])
