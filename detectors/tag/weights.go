package tag

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// The weights of cues, in decibans toward production (+) or away from it (-): +10 is a likelihood ratio of ten to one.
//
// They only matter where what binds leaves reach unknown, and there only a sum of [suspicious] or more says something. They began as
// judgement; for names it rests on a count of names in public repositories: of names with a word of production and a noun of
// credentials (PROD_API_TOKEN) 50 of 52 were production's, of names with LIVE and such a noun 10 of 10, of names with STAGING and such a
// noun 26 of 26 staging's; without a noun LIVE was an environment's in 14 of 48. The labelled cases of testdata/corpus/tags then moved
// those that are marked as fitted; README.md has the counts. The labels say what a token was meant for, not what it reaches, and so a
// weight away from production is never made heavier by them.
const (
	nameProduction      = 12  // fitted: PROD or LIVE and a noun of credentials
	nameProductionAlone = 9   // fitted: PROD_ACCOUNT
	nameStaging         = -8  // STAGING and a noun; less than the count says, because names outlive what they name
	nameStage           = -2  // STAGE is a step of a pipeline as often
	nameTest            = -3  // a purpose, and production is tested too
	nameOther           = -8  // DEV, PREVIEW, NONPROD
	pathProduction      = 14  // fitted: .env.production can be a build's mode
	pathOther           = -8  // a file of staging's can hold what is production's
	keyProduction       = 12  // fitted: production: in a map of environments
	keyOther            = -10 // staging: in a map of environments
	unitProduction      = 11  // fitted: it is deployed with production
	unitOther           = -5  // fitted: what staging has, production often has too
	hostProduction      = 12  // db-prod.internal stands beside it, and nothing says that it is for that host
	hostOther           = -10 // db-staging.internal stands beside it

	suspicious = 6  // four to one: from here on production is suspected
	groupCap   = 15 // the cues of a group are copies of one decision
	sumCap     = 30
	conflict   = 8 // what both sides must have for their disagreement to be worth a line
)

// weighName weighs a cue in a variable's name.
func weighName(c environ.Cue) int {
	switch e := c.Environments; {
	case e.Touches(detectors.Production) && c.Credential:
		return nameProduction
	case e.Touches(detectors.Production):
		return nameProductionAlone
	case e == detectors.Test:
		return nameTest
	case e == detectors.Staging && strings.EqualFold(c.Word, "stage"):
		return nameStage
	case e == detectors.Staging:
		return nameStaging
	}
	return nameOther
}

func weighKey(c environ.Cue) int            { return weigh(c.Environments, keyProduction, keyOther) }
func weighPath(c environ.Cue) int           { return weigh(c.Environments, pathProduction, pathOther) }
func weighHost(e detectors.Environment) int { return weigh(e, hostProduction, hostOther) }
func weighUnit(e detectors.Environment) int { return weigh(e, unitProduction, unitOther) }

func weigh(e detectors.Environment, production, other int) int {
	switch {
	case e.Touches(detectors.Production):
		return production
	case e == detectors.Test:
		return nameTest
	}
	return other
}
