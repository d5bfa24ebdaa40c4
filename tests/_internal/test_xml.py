"""Text for XML documents."""

from ticketcore._internal.xml import xml_text


def test_text_is_escaped_and_valid() -> None:
    """Text is escaped for XML, and characters that XML cannot hold become U+FFFD."""
    assert "a &lt;b&gt; &amp; \ufffd\ufffd\t" == xml_text("a <b> & \x00\ud800\t")
