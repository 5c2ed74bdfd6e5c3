/*{ "DESCRIPTION": "Old frames fade away.", "ISFVSN": "2", "CATEGORIES": ["Feedback"],
    "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" },
                { "NAME": "decay", "TYPE": "float", "MIN": 0.0, "MAX": 0.999, "DEFAULT": 0.9 } ],
    "PASSES": [ { "TARGET": "memory", "PERSISTENT": true, "FLOAT": true } ] }*/
void main() {
    vec4 fresh = IMG_THIS_PIXEL(inputImage);
    vec4 stale = IMG_THIS_PIXEL(memory);
    gl_FragColor = FRAMEINDEX < 1 ? fresh : max(fresh, stale * decay);
}
