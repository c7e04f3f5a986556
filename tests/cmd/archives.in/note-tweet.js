window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "9",
      "createdAt": "2023-05-04T09:00:00.000Z",
      "core": {
        "text": "Which tide table near you is wrong?\n\nOurs is, by eleven minutes, and Kofi found out why.",
        "urls": [],
        "mentions": []
      }
    }
  }
]