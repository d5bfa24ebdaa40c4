"""Text for XML documents."""

from ticketcore._internal.xml import xml_text


def test_text_is_escaped_and_valid() -> None:
    """Each character that XML cannot hold becomes U+FFFD."""
    assert "a &lt;b&gt; &amp; \ufffd\ufffd\t" == xml_text("a <b> & \x00\ud800\t")
