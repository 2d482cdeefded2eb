"""What the site itself tells the modules below: whom the sign-in page of the demo county offers."""

from collections.abc import Sequence

from yiwang.kernel.people.queries import DemoSignIn, provide_demo_sign_ins
from yiwang.site import demo


def _offered() -> Sequence[DemoSignIn]:
    return [DemoSignIn(username, password, label) for label, username, password in demo.sign_ins()]


provide_demo_sign_ins(_offered)
