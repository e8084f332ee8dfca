"""The ground floor: what every room stands on. It knows no room and owns one table, outgoing_mails."""
