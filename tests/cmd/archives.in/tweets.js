window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1"
          ]
        }
      },
      "retweeted": false,
      "id_str": "1",
      "full_text": "Thrilled to announce \u201cTidepool 3\u201d &amp; a new map!\n\nLink in bio. https://t.co/p1",
      "created_at": "Wed Oct 19 20:01:25 +0000 2022",
      "entities": {
        "urls": [],
        "media": [
          {
            "url": "https://t.co/p1"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "2"
          ]
        }
      },
      "retweeted": false,
      "id_str": "2",
      "full_text": "Which beach should be next?",
      "created_at": "Wed Oct 19 20:02:25 +0000 2022",
      "in_reply_to_status_id_str": "1",
      "in_reply_to_user_id_str": "77"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "3"
          ]
        }
      },
      "retweeted": false,
      "id_str": "3",
      "full_text": "@noor yes, by eleven minutes",
      "created_at": "Wed Oct 19 20:03:25 +0000 2022",
      "in_reply_to_status_id_str": "900",
      "in_reply_to_user_id_str": "78"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "4"
          ]
        }
      },
      "retweeted": false,
      "id_str": "4",
      "full_text": "RT @noor: what gauges miss",
      "created_at": "Wed Oct 19 20:04:25 +0000 2022"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "5"
          ]
        }
      },
      "retweeted": false,
      "id_str": "5",
      "full_text": "This, and read the second table. https://t.co/q",
      "created_at": "Wed Oct 19 20:05:25 +0000 2022",
      "entities": {
        "urls": [
          {
            "url": "https://t.co/q",
            "expanded_url": "https://twitter.com/noor/status/901"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "6"
          ]
        }
      },
      "retweeted": false,
      "id_str": "6",
      "full_text": "https://t.co/p2",
      "created_at": "Wed Oct 19 20:06:25 +0000 2022",
      "entities": {
        "media": [
          {
            "url": "https://t.co/p2"
          }
        ]
      }
    }
  }
]
