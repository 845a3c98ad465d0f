"""Files people send: what is kept of them, what is refused, and how they are given."""

import io
import os
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from PIL import Image

from hemei.base import uploads
from hemei.base.errors import Refused
from hemei.base.models import Upload
from hemei.base.uploads import DocumentField, PictureField, answer, called_safely, check, path_of, store, sweep_orphans


def picture(form="JPEG", size=(120, 80), mode="RGB", **more):
    made = io.BytesIO()
    Image.new(mode, size, more.pop("color", "red")).save(made, form, **more)
    return made.getvalue()


def sent(content, name="楼道.jpg"):
    return SimpleUploadedFile(name, content)


def with_position():
    image = Image.new("RGB", (120, 80), "blue")
    exif = image.getexif()
    exif[0x010F] = "Camera maker"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (31.0, 10.0, 0.0)
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif, comment=b"taken at home", icc_profile=b"a profile")
    return made.getvalue()


def header_of_100_megapixels():
    """A PNG that says it is 10,000 by 10,000 and holds nothing."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_position_camera_and_comment_are_gone_and_the_picture_stands_upright():
    checked = check(sent(with_position()), "picture")
    kept = Image.open(io.BytesIO(checked.content))
    assert (checked.width, checked.height) == kept.size == (80, 120)
    assert not kept.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(kept.info)


@pytest.mark.parametrize(
    "content",
    [
        picture("PNG", mode="RGBA", color=(0, 0, 0, 0)),
        picture("PNG", mode="P", color=1),
        picture("PNG", mode="1", color=1),
        picture("PNG", mode="I;16", color=9),
        picture("JPEG", mode="CMYK", color=(0, 0, 0, 0)),
        picture("JPEG", mode="L", color=9),
        picture("WEBP"),
        picture("GIF"),
    ],
)
def test_every_kind_of_picture_becomes_a_jpeg(content):
    checked = check(sent(content), "picture")
    assert (checked.kind, checked.width, checked.height) == ("image/jpeg", 120, 80)
    assert checked.content.startswith(b"\xff\xd8\xff")


def test_a_picture_of_an_iphone_is_read():
    from pillow_heif import from_pillow

    made = io.BytesIO()
    from_pillow(Image.new("RGB", (120, 80), "green")).save(made)
    assert check(sent(made.getvalue(), "IMG_0001.HEIC"), "picture").kind == "image/jpeg"


def test_what_was_clear_becomes_white_paper():
    checked = check(sent(picture("PNG", mode="RGBA", color=(0, 0, 0, 0))), "picture")
    assert Image.open(io.BytesIO(checked.content)).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_is_made_smaller_and_keeps_its_shape():
    checked = check(sent(picture(size=(5000, 2500))), "picture")
    assert (checked.width, checked.height) == (2000, 1000)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (header_of_100_megapixels(), "100 megapixels, and at most 50"),
        (b"", "empty"),
        (picture()[:200], "damaged or was not sent whole"),
        (picture("PNG")[:-40], "damaged or was not sent whole"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not a picture|damaged"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7 %%EOF", "not a picture"),
        (b"GIF89a<script>alert(1)</script>", "not a picture|damaged"),
        (b"BM" + b"\0" * 60, "not a picture"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content, told):
    with pytest.raises(Refused, match=told):
        check(sent(content), "picture")


def test_a_file_too_large_is_refused_unread():
    with pytest.raises(Refused, match="larger than 20 MB"):
        check(sent(b"\xff\xd8\xff" + b"\0" * uploads.BYTES_MAX), "picture")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n...\n%%EOF\n", "application/pdf"),
        (picture("PNG"), "image/jpeg"),
        ("会议记录\n一、围墙".encode("gb18030"), "text/plain"),
    ],
)
def test_a_document_is_known_by_its_content(content, kind):
    checked = check(sent(content, "x.exe"), "document")
    assert checked.kind == kind
    assert kind != "text/plain" or checked.content.decode() == "会议记录\n一、围墙"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7\n cut off", "PDF is damaged"),
        (b"PK\x03\x04", "Word and Excel"),
        (b"<!DOCTYPE html><script>", "Web pages"),
        (b"\xef\xbb\xbf <svg onload=alert(1)>", "Web pages and drawings"),
        (b"\x7fELF\x01\x02\x03", "no document"),
    ],
)
def test_what_is_no_document_is_refused_in_words(content, told):
    with pytest.raises(Refused, match=told):
        check(sent(content, "a.pdf"), "document")


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\楼道 1.jpg", "楼道 1.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ('"><script>.png', '"><script>.png'),
        ("\x00\r\nSet-Cookie: a.jpg", "Set-Cookie: a.jpg"),
        ("長" * 300 + ".jpeg", "長" * 90 + ".jpeg"),
        ("", ""),
    ],
)
def test_a_name_is_kept_for_showing_without_what_harms(name, called):
    assert called_safely(name) == called


def kept(content, now, sort="picture", name="楼道.jpg"):
    with transaction.atomic():
        return store(file=sent(content, name), sort=sort, sent_by=None, at=now)


def test_a_stored_file_is_the_owners_alone_under_a_name_that_says_nothing(db, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = kept(picture(), now)
    path = path_of(upload)
    assert path == tmp_path / upload.pk.hex[:2] / f"{upload.pk}.jpg"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size == upload.size
    assert upload.called == "楼道.jpg"


@pytest.mark.django_db(transaction=True)
def test_a_file_stays_with_its_commit_and_is_swept_after_a_rollback(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    stays = path_of(kept(picture(), now))

    def change_ones_mind():
        with transaction.atomic():
            gone.append(path_of(store(file=sent(picture()), sort="picture", sent_by=None, at=now)))
            raise Refused("no")

    gone = []
    with pytest.raises(Refused):
        change_ones_mind()
    assert Upload.objects.count() == 1
    for path in (stays, gone[0]):
        os.utime(path, (now.timestamp(), now.timestamp()))
    swept = [sweep_orphans(at=now + timedelta(minutes=59), part=part) for part in range(256)]
    assert sum(swept) == 0, "it may belong to a transaction that has not ended"
    swept = [sweep_orphans(at=now + timedelta(minutes=61), part=part) for part in range(256)]
    assert sum(swept) == 1
    assert stays.exists()
    assert not gone[0].exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_written_ahead_is_the_row_s_own_and_is_swept_where_no_row_comes(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ahead = [uploads.write_ahead(check(sent(picture()), "picture")) for _ in range(2)]
    with transaction.atomic():
        upload = store(file=ahead[0], sort="picture", sent_by=None, at=now)
    assert upload.pk == ahead[0].key
    assert path_of(upload).read_bytes() == ahead[0].content
    for path in tmp_path.glob("*/*"):
        os.utime(path, (now.timestamp(), now.timestamp()))
    assert sum(sweep_orphans(at=now + timedelta(minutes=61), part=part) for part in range(256)) == 1
    assert path_of(upload).exists()


@pytest.mark.django_db(transaction=True)
def test_a_discarded_file_goes_with_its_row_and_stays_when_that_is_taken_back(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = kept(picture(), now)

    def change_ones_mind():
        with transaction.atomic():
            uploads.discard(Upload.objects.get(pk=upload.pk))
            raise Refused("no")

    with pytest.raises(Refused):
        change_ones_mind()
    assert path_of(upload).exists()
    with transaction.atomic():
        uploads.discard(Upload.objects.get(pk=upload.pk))
    assert not path_of(upload).exists()
    assert not Upload.objects.exists()


def test_a_file_is_given_so_that_nothing_in_it_runs(db, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shown = answer(kept(picture(), now, name='a"b\n<c>.png'))
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["Cache-Control"].startswith("private")
    assert "\n" not in shown.headers["Content-Disposition"]
    saved = answer(kept(b"%PDF-1.7\n%%EOF", now, "document", "决议.pdf"))
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(saved.streaming_content) == b"%PDF-1.7\n%%EOF"


def test_a_file_lost_from_the_disk_is_a_page_that_is_not_there(db, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = kept(picture(), now)
    path_of(upload).unlink()
    with pytest.raises(Http404):
        answer(upload)


def test_a_field_tells_beside_itself_what_is_wrong():
    from django.core.exceptions import ValidationError

    assert PictureField().clean(sent(picture())).kind == "image/jpeg"
    assert DocumentField(required=False).clean(None) is None
    with pytest.raises(ValidationError, match="not a picture"):
        PictureField().clean(sent(b"x", "x.jpg"))
    with pytest.raises(ValidationError, match="empty"):
        PictureField().clean(sent(b""))
    with pytest.raises(ValidationError, match="Choose a file"):
        PictureField().clean(None)
