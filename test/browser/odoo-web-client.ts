// Odoo's web client as a person uses it: menus, forms, the cogwheel. Found by Odoo's technical names, which hold in every
// language; it waits on elements, because the client keeps connections open for ever.
import type { Page } from 'playwright-core';
import { waitUntil } from '../sandbox/servers/wait-until.ts';

const waitMs = 30_000;
const formSaved = '.o_form_view .o_form_status_indicator_buttons.invisible';

export class OdooWebClient {
  readonly page: Page;

  static async signIn(page: Page, odoo: { url: string; login: string; password: string }): Promise<OdooWebClient> {
    await page.goto(`${odoo.url}/web/login`);
    await page.fill('#login', odoo.login);
    await page.fill('#password', odoo.password);
    await page.click('form.oe_login_form button[type=submit]');
    await page.waitForSelector('.o_navbar_apps_menu');
    return new OdooWebClient(page);
  }

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens an application and in it a menu entry, e.g. `universal_integrator.menu_integrator_root`. */
  async openMenu(application: string, ...entries: string[]): Promise<void> {
    await this.page.click('.o_navbar_apps_menu button');
    await this.page.click(`[data-menu-xmlid="${application}"]`);
    for (const entry of entries) {
      await this.page.click(`nav [data-menu-xmlid="${entry}"], .o-dropdown--menu [data-menu-xmlid="${entry}"]`);
    }
    await this.page.waitForSelector('.o_list_view');
  }

  async startNew(): Promise<void> {
    await this.page.click('.o_list_button_add');
    await this.page.waitForSelector('.o_form_view .o_form_editable');
  }

  async openRow(text: string): Promise<void> {
    await this.page.click(`.o_data_row:has-text("${text}") .o_data_cell`);
    await this.page.waitForSelector('.o_form_view .o_form_editable');
  }

  async fill(field: string, text: string): Promise<void> {
    const input = this.page.locator(`.o_field_widget[name="${field}"]`).locator('input, textarea').first();
    await input.fill(text);
    await input.press('Tab');
  }

  /**
   * Replaces a date, written as the client shows dates. A date that is shown is a button; it becomes an input when it is
   * clicked, and the date comes into it, selected, a moment later.
   */
  async fillDate(field: string, text: string): Promise<void> {
    const widget = this.page.locator(`.o_field_widget[name="${field}"]`);
    const hadDate = (await widget.locator('button').count()) > 0;
    await widget.locator('input, button').first().click();
    await this.page.waitForSelector('.o_datetime_picker');
    const input = widget.locator('input');
    if (hadDate) await waitUntil(async () => (await input.inputValue()) !== '', waitMs);
    await input.press('Control+A');
    await input.pressSequentially(text);
    await input.press('Tab');
    await this.page.waitForSelector('.o_datetime_picker', { state: 'detached' });
    await widget.locator('button').waitFor();
  }

  /** Reads the open record again, as F5 does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.waitForSelector('.o_form_view .o_form_editable');
  }

  /** Presses save and resolves when the client says it is saved. */
  async save(): Promise<void> {
    await this.page.click('.o_form_button_save');
    await this.page.waitForSelector(formSaved, { state: 'attached' });
  }

  /** Switches a field that saves itself when it is switched; its form's own save button is there for a moment only. */
  async toggle(field: string): Promise<void> {
    const saved = this.page.waitForResponse((response) => response.url().endsWith('/web_save'));
    await this.page.locator(`.o_field_widget[name="${field}"] input`).click();
    const response = await saved;
    if (!response.ok()) throw new Error(`Odoo answered ${response.status()} when ${field} was switched`);
  }

  /** Deletes the open record: cogwheel, delete, yes. */
  async deleteRecord(): Promise<void> {
    await this.page.click('.o_cp_action_menus .dropdown-toggle');
    await this.page.click('.o-dropdown--menu .o_menu_item:has(.fa-trash-o)');
    await this.page.click('.modal .btn-primary');
    await this.page.waitForSelector('.modal', { state: 'detached' });
  }
}
