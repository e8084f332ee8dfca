// What a shopper has begun to write of a product, kept until it is sent, and sent exactly once.
import { ask } from "../core/ask.js";
import { makeId } from "../core/dom.js";
import { bodyOf, fieldsOf, findDraft, keepDraft } from "./form-state.js";

export const findMine = async (page, product) =>
  page.session && ask(page, `/reviews/mine?product=${encodeURIComponent(product)}`);

// Goes on with the draft there is, else with the customer's review, else anew.
export const begin = (page, product, { attributes, language }, mine, rating) => {
  const began = performance.now();
  const { drafts } = page.read();
  const fresh = mine ? { of: mine.id, fields: fieldsOf(mine), media: mine.media } : { fields: { rating }, media: [] };
  const draft = findDraft(drafts, product, mine?.id, Date.now()) || { id: makeId(), ...fresh };
  const write = (kept) => page.write({ drafts: keepDraft(page.read().drafts, product, kept, Date.now()) });
  const save = () => write({ ...draft, media: draft.media.filter(({ id }) => id).map(({ again, done, ...one }) => one) });
  return {
    draft,
    save,
    forget: () => write(),
    async deliver() {
      const url = page.url().split("?")[0];
      const context = {
        language,
        page_url: url.startsWith("http") ? url.slice(0, 2000) : undefined,
        elapsed_ms: Math.round(performance.now() - began),
      };
      save();
      const path = draft.of ? `/reviews/${draft.of}/edits` : `/reviews?product=${encodeURIComponent(product)}`;
      const post = () => ask(page, path, bodyOf({ ...draft, context }, attributes));
      try {
        return await post();
      } catch (reply) {
        // Of a customer there is one review: it had arrived before the connection was lost, or elsewhere.
        const { id } = (reply.status == 409 && (await findMine(page, product))) || {};
        if (!id || draft.retried) throw reply;
        Object.assign(draft, { of: id, id: makeId(), retried: true });
        return this.deliver();
      }
    },
  };
};
