// A permanent address names an article behind the #. Where it stands on another page of a long statute, go there.
(() => {
  const name = decodeURIComponent(location.hash.slice(1));
  const article = /^art_((?:a\d+-)?\d+(?:\.\d+)?)/.exec(name);
  const cover = document.querySelector("[data-law]");
  if (article && cover && !/\/art_[^/]*$/.test(location.pathname)) {
    location.replace(`${cover.dataset.law}/art_${article[1]}${location.hash}`);
  }
  // On a phone the contents would fill the screen before the text.
  const contents = document.querySelector(".law-contents details");
  if (contents && matchMedia("(max-width: 959px)").matches) contents.open = false;
})();
