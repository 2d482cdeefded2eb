"""How passwords are kept: Argon2id, which costs a thief memory and a sign-in thirty milliseconds."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes, the least that OWASP's password storage cheat sheet asks for.

    Django's own figures take 100 MiB for each: too much for a class of eighty that signs in at once on a
    modest server.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
