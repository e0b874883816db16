"""What the people and machines of the simulated world say. All of it is invented."""

SUBJECTS = (
    "Annual review for {child}",
    "{child}: speech therapy in Section F",
    "Transport for {child}",
    "EHC needs assessment request for {child}",
    "Draft plan comments, {child}",
    "School placement for {child}",
    "{child} out of school since {month}",
    "Occupational therapy report for {child}",
    "Personal budget question ({child})",
    "Complaint about delay, {child}",
    "{child} - phase transfer to secondary",
    "Missing provision for {child}",
    "Educational psychologist advice for {child}",
    "Tuition hours for {child}",
    "Request for information about {child}'s file",
    "Mediation for {child}",
    "Medical needs of {child} at school",
)
CHILDREN = ("Sam", "Alex", "Robin", "Charlie", "Jo", "Noor", "Ellis", "Mo")
MONTHS = ("September", "October", "November", "January", "February", "March")
QUESTIONS = (
    "Could you please tell me when the final plan for {child} will be issued? We were told it"
    " would be with us before half term and nothing has come.",
    "I wrote to ask who is now the case officer for {child}, as the person named in the plan has"
    " left. Please let me have a name and a telephone number.",
    "{child} is still without the one-to-one support that Section F sets out. What is being done"
    " about it, and from which date will it be in place?",
    "Please confirm that the school's report of the review meeting has reached you, and what you"
    " propose to change in the plan for {child}.",
    "The taxi for {child} has not come for three mornings. Who do I speak to, and how will the"
    " lost time at school be made up?",
)
CHASERS = (
    "I have had no answer to my message below. Could somebody please look into this for {child}?",
    "I am writing again about {child}. Please let me know what is happening.",
    "Further to my earlier message, I would be grateful for a reply about {child}.",
)
THANKS = ("Thank you, that is very helpful.", "Many thanks for letting me know.", "Thanks so much!")
ANSWERS = (
    "Dear parent,\n\nI have looked at {child}'s file. The amended plan was agreed at panel on"
    " Tuesday and I am posting it to you and the school today. The therapist will begin on Monday"
    " and her hours are set out on page nine.\n\nKind regards,\n{officer}\nCasework Officer",
    "Hello,\n\nThe taxi firm lost one of its drivers. A new driver starts tomorrow and will ring"
    " you this evening; we will refund the mileage that you claimed.\n\nBest wishes\n{officer}",
    "Good morning\n\nYour case officer for {child} is now me. The panel did not agree to the"
    " extra hours because the school's costings were not attached. If you send me those I will put"
    " it to the next meeting.\n\n{officer}\nSenior Case Manager",
    "Dear parent\n\nWe will not be changing the placement named for {child}. The school has told"
    " us that it can meet need, and the reasons are set out in the letter attached. You have the"
    " right to mediation.\n\nYours sincerely\n{officer}",
    "Hi, yes, the report came in on Friday. I have read it and agree with what you say about"
    " transport, so I have asked the transport team to arrange a place for {child} from the 14th."
    "\n\n{officer}",
)
HOLDING = (
    "Dear parent,\n\nThank you for your email. I have passed this on to the case officer, who will"
    " get back to you.\n\nKind regards\n{officer}",
    "Hello, I am looking into this for you and will come back to you as soon as I can."
    "\n\n{officer}",
)
HOLDING_DATED = (
    "Dear parent,\n\nI have passed your email to the casework team. They will reply to you by"
    " {date}.\n\nKind regards\n{officer}"
)
ACKS = (
    "Thank you for contacting the SEND team. Your email has been received and we aim to respond"
    " within 20 working days. Please do not reply to this message.",
    "This is an automated response to let you know that we have received your email. We receive a"
    " high volume of enquiries and will respond as soon as possible.",
    "Thank you for your email. This mailbox is monitored Monday to Friday. We will reply within 10"
    " working days. If a child is at risk of harm, ring the front door service.",
)
ACK_REFERENCE = (
    "Thank you for your enquiry. Your reference is {reference}. Please quote this in all"
    " correspondence. We aim to respond within 15 working days. This is an automated message."
)
OUT_OF_OFFICE = (
    "I am out of the office until Monday with no access to email. For anything urgent please"
    " contact the SEND team's duty line."
)
CHALLENGE = (
    "This email address is no longer monitored. To contact the SEND team please use our online"
    " form at https://www.kent.example/send-form. Your message has not been read and will not be"
    " actioned."
)
SYSTEM_ANSWER = (
    "Freedom of Information request {reference}\n\nDear requester,\n\nWe have completed our search"
    " for the information that you asked for. The council holds the information: in the year to"
    " March there were 214 requests for assessment, of which 131 were agreed. The figures by month"
    " are attached. If you are unhappy with this decision you may ask for an internal review"
    " within 40 working days.\n\nInformation Governance"
)
NEWSLETTER = (
    "SEND News, {month}. In this issue: the summer holiday programme, a new website for the local"
    " offer, and dates of the parent carer forum. You receive this because you subscribed. To"
    " unsubscribe, follow the link."
)
UNRELATED = (
    "Dear parent,\n\nOur sensory service is moving to a new building in Maidstone next month. You"
    " do not need to do anything, appointments already made will be kept there.\n\n{officer}"
)
OFFICERS = ("Jane Doe", "Peter Exe", "Priya Wye", "Tom Zed", "Ann Quill")
