/// A new installation: a sandbox that sends nothing, and what to change to send.
let initialSettings = """
    # Settings of Gatepost. What is left out has its default; docs/settings.md lists everything.

    [server]
    listen = "127.0.0.1:8440"          # empty: socket only
    socket = "run/gatepost.sock"
    hosts = ["localhost", "127.0.0.1"]
    # trusted_proxies = ["127.0.0.1"]  # a reverse proxy before it, such as nginx

    [store]
    url = "sqlite:data/gatepost.db"

    [keys]
    file = "keys.toml"

    # The sandbox keeps every message readable in a folder instead of sending it. For production: enabled = false, and
    # gateways below.
    [sandbox]
    enabled = true
    dir = "sandbox"

    [[tenants]]
    name = "default"
    default_country = "US"             # how a number without + is read
    links = []                         # what a link in an event must start with
    brand = { name = "Gatepost" }      # name, domain, from_email, from_sms

    # [purposes.sign_up]
    # ttl = "24h"
    # digits = 6
    # tries = 5
    # minimum_life = "60s"
    # resend_waits = ["30s", "60s", "120s"]    # before a second message to a person, a third, all further ones; []: none

    # Rate limits; any take the place of the standard ones, which are recipient-10m (5/10m), recipient-day (10/24h),
    # ip-hour (100/1h) and foreign-sms-day (100/24h). No limits: limits = [], before the first table of this file.
    # [[limits]]
    # name = "sms-per-number"
    # scope = "recipient"              # or ip, subject, tenant, country, prefix, all
    # channel = "sms"                  # left out: both
    # rate = "5/10m"                   # five at once, then one every two minutes
    # on = "accept"                    # or verify: counts tries at codes

    # Where SMS may go; no other country costs anything.
    [countries]
    allow = ["US"]                     # ISO 3166; empty: the tenant's default_country only
    # price_ceiling = "0.20 USD"       # the most that a segment may cost, fees included
    # number_types = ["mobile", "fixed_or_mobile"]

    # What SMS cost, by gateway, country and prefix. Without a price nothing is sent.
    [prices]
    files = ["prices/*.csv"]
    # unpriced = "0.20 USD"            # what a segment counts as where no row says what it costs

    # A hard limit: what would go beyond it is refused before it is sent.
    # [[budgets]]
    # name = "sms-month"
    # scope = "all"                    # the sum; or tenant, country, purpose: each counted apart
    # period = "month"                 # hour, day, month, in UTC
    # limit = "50.00 USD"
    # alerts = [50, 80, 100]           # percent

    # What `gatepost explain` can tell.
    # [explain]
    # refused_for = "24h"              # how long refused events are kept
    # refused = 50000                  # and how many
    # changes = 40                     # of one delivery, beside its attempts

    [[gateways]]
    name = "sandbox-email"
    channel = "email"
    kind = "sandbox"

    [[gateways]]
    name = "sandbox-sms"
    channel = "sms"
    kind = "sandbox"

    # [[gateways]]
    # name = "mail-main"
    # channel = "email"
    # kind = "smtp"
    # url = "smtp://mail.example.com:587"
    # starttls = "required"
    # account = "user"
    # secret = { env = "MAIL_PASSWORD" }

    # [[gateways]]
    # name = "sms-main"
    # channel = "sms"
    # kind = "twilio"
    # account = "AC00000000000000000000000000000000"
    # secret = { env = "TWILIO_TOKEN" }
    # rate = "10/s"

    """
