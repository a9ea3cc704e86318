"""Which addresses are taken for review pages."""

import pytest

from crawlers.registry import claimants, platforms


@pytest.mark.parametrize(
    "url",
    [
        "https://fr.trustpilot.com/review/maisonalpine.example",
        "https://www.g2.com/products/maison-alpine/reviews",
        "https://www.capterra.fr/reviews/123456/maison-alpine",
        "https://www.tripadvisor.fr/Restaurant_Review-g1-d2-Reviews-Refuge-Annecy.html",
        "https://www.trustedshops.fr/evaluation/info_X0123456789ABCDEF.html",
        "https://www.sitejabber.com/reviews/maisonalpine.example",
    ],
)
def test_well_known_sites_are_taken(url):
    assert claimants(url) == [("reviews", url)]


@pytest.mark.parametrize(
    "url",
    [
        "https://maisonalpine.example/avis",
        "https://www.trustpilot.com/categories/outdoor",
        "https://www.trustpilot.com/",
        "https://www.g2.com/products/maison-alpine/pricing",
    ],
)
def test_other_sites_stay_websites(url):
    assert [name for name, _ in claimants(url)] == ["website"]


def test_any_page_is_an_account_when_it_is_said_to_be():
    url = "https://maisonalpine.example/avis"
    assert [fetch.url for fetch in platforms()["reviews"].start(url)] == [url]
