"""A small picture, as somebody would send one."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(colour: str = "white") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return SimpleUploadedFile("board.jpg", made.getvalue(), "image/jpeg")
