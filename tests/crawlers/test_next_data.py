"""The script that Next.js embeds, as three platforms meet it."""

import pytest

from crawlers.formats import next_data


@pytest.mark.parametrize(
    "tag",
    [
        '<script id="__NEXT_DATA__" type="application/json">',
        "<script id='__NEXT_DATA__'>",
        "<script defer id=__NEXT_DATA__ nonce=x>",
    ],
)
def test_the_data_is_found_however_its_tag_is_written(tag):
    assert next_data.script(f'<p>before</p>{tag}{{"a":\n1}}</script><p>after') == '{"a":\n1}'


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<p>__NEXT_DATA__</p>",
        '<script id="__NEXT_DATA__">{"a": 1',
        '<script id="other">{}</script>',
    ],
)
def test_no_whole_script_is_none(markup):
    assert next_data.script(markup) is None


def test_an_empty_script_is_there():
    assert next_data.script('<script id="__NEXT_DATA__"></script>') == ""
