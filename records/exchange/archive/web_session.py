"""A client of a DICOMweb service, with what it and we know each other by."""

from dicomweb_client.api import DICOMwebClient
from requests import Session

from records.exchange.archive.destination import Destination, Trust

TIMEOUT_S = 30.0
"""For each piece of an answer; how long a whole conversation may last is told to its process."""


def web_client(destination: Destination, trust: Trust) -> DICOMwebClient:
    """For one conversation. It follows no redirect: that would take the objects to another place."""
    session = Session()
    session.trust_env = False  # no proxy and no password file of the machine's
    session.max_redirects = 0
    session.verify = trust.ca or True
    if trust.certificate:
        session.cert = (trust.certificate, trust.certificate_key or trust.certificate)
    if trust.token:
        session.headers["Authorization"] = f"Bearer {trust.token}"
    client = DICOMwebClient(destination.url, session=session, timeout=TIMEOUT_S)
    client.set_http_retry_params(retry=False)  # who asks decides when to ask again
    return client
