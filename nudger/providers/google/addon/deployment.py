"""How the add-on is made known to Google: the deployment that `gcloud workspace-add-ons` takes.

Google's own messages make it. `HttpOptions` of the package lacks `granularOauthPermissionSupport`,
which we do not set: the admin who installs the add-on grants its few scopes for everybody, and no
rep is asked again. None of them opens a calendar: which event it is, and in which calendar, is all
that Google tells us (`METADATA`; without it not even that), and what is read and written, Nudger's
own access does. So there is no update trigger either: it would tell of guests that are not saved
yet.

Sources: https://developers.google.com/workspace/add-ons/reference/rest/v1/projects.deployments;
https://developers.google.com/apps-script/manifest/calendar-addons (`currentEventAccess`).
"""

from __future__ import annotations

from typing import Any

from nudger.providers.google.addon.endpoints import Endpoints

NAME = "Nudger"
SCOPES = (
    "https://www.googleapis.com/auth/calendar.addons.execute",
    "https://www.googleapis.com/auth/script.locale",
    "https://www.googleapis.com/auth/userinfo.email",
)
"""To be called with an event's ids, in the reader's language, and told who clicked."""


def deployment(endpoints: Endpoints, logo: str) -> dict[str, Any]:
    """The content of deployment.json; `logo` is the address of a picture."""
    # Slow to import, and every command would wait for it.
    from google.apps.script.type import calendar, types  # noqa: PLC0415
    from google.cloud.gsuiteaddons_v1.types import AddOns, Deployment  # noqa: PLC0415

    home = types.HomepageExtensionPoint(run_function=endpoints.home)
    event = calendar.CalendarExtensionPoint(run_function=endpoints.event)
    message = Deployment(
        oauth_scopes=SCOPES,
        add_ons=AddOns(
            common=types.CommonAddOnManifest(
                name=NAME,
                logo_url=logo,
                use_locale_from_app=True,
                homepage_trigger=home,
                open_link_url_prefixes=[endpoints.pages],
            ),
            calendar=calendar.CalendarAddOnManifest(
                homepage_trigger=home,
                event_open_trigger=event,
                current_event_access=calendar.CalendarAddOnManifest.EventAccess.METADATA,
            ),
            http_options=types.HttpOptions(
                authorization_header=types.HttpAuthorizationHeader.SYSTEM_ID_TOKEN
            ),
        ),
    )
    found: dict[str, Any] = Deployment.to_dict(
        message, use_integers_for_enums=False, preserving_proto_field_name=False,
        always_print_fields_with_no_presence=False,
    )  # fmt: skip
    return found
