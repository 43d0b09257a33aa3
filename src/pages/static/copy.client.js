// clipboard
