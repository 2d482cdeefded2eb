"""What the site tells the frame of every page: where live news comes from."""

from yiwang.kernel.base.live import live_address
from yiwang.kernel.ui.context import provide

provide(live_url=live_address)
