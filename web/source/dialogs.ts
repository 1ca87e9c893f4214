// Questions to the person: one modal at a time, Escape closes it, focus goes back where it was.
import { find, make } from "./dom";
import { say, type TextKey } from "./texts";
import { kLimits } from "./protocol";

interface Field {
  name: string;
  label: TextKey;
  value?: string;
  type?: string;
  attributes?: Record<string, string | number | boolean>;
}

interface Question {
  title: string;
  fields?: Field[];
  agree: TextKey;
  danger?: boolean;
  // Returns the sentence of what is wrong, or nothing when it is done.
  act: (values: Record<string, string>) => Promise<string | null>;
}

export function openDialog({ title, fields = [], agree, danger = false, act }: Question): void {
  const problem = make("p", { class: "problem", role: "alert" });
  const submit = make("button", { type: "submit", class: danger ? "danger" : "primary", text: say(agree) });
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "dialog-title" },
    make("form", { on: { submit: (event) => (event.preventDefault(), void send()) } },
      make("h2", { id: "dialog-title", text: title }),
      ...fields.map(fieldOf),
      problem,
      make("div", { class: "actions" },
        make("button", { type: "button", text: say("cancel"), on: { click: () => dialog.close() } }),
        submit)));

  async function send(): Promise<void> {
    submit.disabled = true;
    const data = new FormData(find<HTMLFormElement>("form", dialog));
    const values = Object.fromEntries([...data].map(([name, value]) => [name, String(value)]));
    const wrong = await act(values);
    submit.disabled = false;
    if (wrong) problem.textContent = wrong;
    else dialog.close();
  }

  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

function fieldOf({ name, label, value = "", type = "text", attributes = {} }: Field): HTMLElement {
  const input = make("input", { name, type, value, autocomplete: "off", ...attributes });
  return make("label", { class: "field" }, make("span", { text: say(label) }), input);
}

export const kRoomFields: Field[] = [
  { name: "title", label: "title", attributes: { required: true, maxlength: kLimits.title, autofocus: true } },
  { name: "capacity", label: "capacity", type: "number", value: "30", attributes: { required: true, min: 2, max: kLimits.capacity } },
  { name: "password", label: "password_optional", type: "password", attributes: { maxlength: 72, autocomplete: "new-password" } },
];

export const nicknameFields = (nickname: string): Field[] => [
  { name: "nickname", label: "nickname", value: nickname, attributes: { required: true, maxlength: kLimits.nickname, autofocus: true } },
];

const kNoticeMs = 5000;

// A short sentence at the edge of the page that goes by itself.
export function notify(text: string): void {
  const notice = make("p", { class: "notice", text });
  find("#notices").append(notice);
  setTimeout(() => notice.remove(), kNoticeMs);
}
