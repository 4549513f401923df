/// A price table to begin with, on the dear side, so that a budget holds rather too early than too late.
let initialPrices = """
    # What a segment of an SMS costs. This is a start and not your contract: rounded up, and nobody's offer. Put the figures
    # of your own gateway here, or in a file of their own beside this one with the gateway's name in the first column,
    # where they count before these. Of rows for the same numbers the one with the latest valid_from counts; the day of
    # these is long ago, so that any later one of yours does.
    #
    # gateway: a name or a kind from gatepost.toml, empty for any. prefix: the first digits of numbers, without +; the
    # longest counts. An SMS costs segments x (unit_price + fee).
    gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source
    ,US,,,,,0.0083,USD,0.005,2000-01-01,,"Twilio's list price in 2026; fees of networks: estimate, rounded up"
    ,CA,,,,,0.0083,USD,0.009,2000-01-01,,"estimate, rounded up, fees of networks apart"
    ,GB,,,,,0.06,USD,,2000-01-01,,"estimate, rounded up"
    ,BS,,,,,0.06,USD,,2000-01-01,,"estimate, rounded up"
    ,DE,,,,,0.12,USD,,2000-01-01,,"estimate, rounded up"
    ,FR,,,,,0.09,USD,,2000-01-01,,"estimate, rounded up"
    ,ES,,,,,0.09,USD,,2000-01-01,,"estimate, rounded up"
    ,PT,,,,,0.06,USD,,2000-01-01,,"estimate, rounded up"
    ,BR,,,,,0.07,USD,,2000-01-01,,"estimate, rounded up"
    ,IN,,,,,0.1,USD,,2000-01-01,,"estimate, rounded up, international sender"

    """
