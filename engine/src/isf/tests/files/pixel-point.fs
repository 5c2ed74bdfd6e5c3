/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "at", "TYPE": "point2D", "DEFAULT": [100, 50] }, { "NAME": "size", "TYPE": "float", "MIN": 1, "MAX": 100, "DEFAULT": 20 } ] }*/
void main() {
    float d = distance(gl_FragCoord.xy, at);
    gl_FragColor = vec4(vec3(d < size ? 1 : 0), 1);
}
