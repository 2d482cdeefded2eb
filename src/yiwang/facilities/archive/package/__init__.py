"""The transfer package: a folder or zip that says itself what is in it, and can be checked without this house.

manifest.json            what the package is, and every file with size, BLAKE3 and SHA-256
manifest.sha256          the SHA-256 of the manifest
catalogue.json           归档文件目录
units/<place>/metadata.json and metadata.xml
bytes/<aa>/<digest>      each file once, under its BLAKE3
"""

from yiwang.facilities.archive.package.checking import Finding, Verdict, verify
from yiwang.facilities.archive.package.reading import BrokenPackage, load
from yiwang.facilities.archive.package.writing import write

__all__ = ["BrokenPackage", "Finding", "Verdict", "load", "verify", "write"]
