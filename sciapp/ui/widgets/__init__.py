"""The widgets that pages are made of; each is named for a screen reader, works by keyboard, and wears both themes.

    page             PageHeader(question, sentence), EmptyState(icon, sentence, button), Skeleton(rows)
    cards            Card(title, note, dashed), with `body`, `add_action`; ChoiceCard, one of several
    buttons          Button(text, kind, icon, main, dense, locks): primary, secondary, quiet, danger; IconButton
    banner           Banner.say(text, status, button), UndoBar.offer(text, undo), announce(widget, text)
    choices          SegmentedChoice([Choice(value, text)], accessible): two to five in one control
    searchable_list  SearchableList.set_entries([Entry(value, text, detail, icon, words)])
    facts            NumberWithError, Verdict.set_verdict(status, sentence, detail), PropertyList([Property(…)])
    bar_rows         BarRows.set_rows([BarRow(label, value, text, token, low, high, note)])
    glyphs           IconLabel(icon, tone, ground), Pill(text, status), ProgressRing.set_share
    labels           TextLabel(text, type, tone, wrap), ElidedLabel, PlainTextLabel
    bars             BusyBar, SavedBar, RunProgress
    layout           CollapsibleSection, FormScroll, ElidedComboBox

Plots and tables are in packages of their own. Colours, sizes and icons are `sciapp.ui.theme`'s.
"""
